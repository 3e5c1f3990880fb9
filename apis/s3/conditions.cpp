#include "apis/s3/conditions.hpp"

#include <algorithm>

#include "emulator/base/time_format.hpp"
#include "emulator/object/versions.hpp"

namespace virga::s3 {

namespace {

// "*", or one of a list of ETags, quoted or not.
bool etag_in(std::string_view list, std::string_view etag) {
    while (!list.empty()) {
        std::size_t end = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one == "*" || object::plain_etag(one) == etag) return true;
    }
    return false;
}

std::optional<TimeMs> date(std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto t = parse_http_date(text);
    return t ? t : parse_iso8601(text);
}

}  // namespace

ReadDecision decide(const ReadConditions& c, std::string_view etag, TimeMs modified, TimeMs now) {
    modified = modified / 1000 * 1000;
    if (!c.if_match.empty()) {
        if (!etag_in(c.if_match, etag)) return {ReadOutcome::failed, "If-Match"};
    } else if (auto since = date(c.if_unmodified_since); since && modified > *since) {
        return {ReadOutcome::failed, "If-Unmodified-Since"};
    }
    if (!c.if_none_match.empty()) {
        if (etag_in(c.if_none_match, etag)) return {ReadOutcome::not_modified, "If-None-Match"};
    } else if (auto since = date(c.if_modified_since); since && *since <= now && modified <= *since) {
        return {ReadOutcome::not_modified, "If-Modified-Since"};
    }
    return {};
}

bool range_applies(std::string_view if_range, std::string_view etag, TimeMs modified) {
    if (if_range.empty()) return true;
    if (auto time = parse_http_date(if_range)) return *time == modified / 1000 * 1000;
    return !if_range.starts_with("W/") && object::plain_etag(if_range) == etag;
}

}  // namespace virga::s3
