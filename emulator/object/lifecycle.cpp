#include "emulator/object/lifecycle.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::object {

namespace {

bool has_tag(const Object& tags, const Value& wanted) {
    const Value* value = tags.find(wanted.text("Key"));
    return value && value->as_string() == wanted.text("Value");
}

bool size_fits(const Value& filter, std::uint64_t size) {
    if (filter.has("ObjectSizeGreaterThan") && size <= static_cast<std::uint64_t>(filter.integer("ObjectSizeGreaterThan"))) return false;
    return !filter.has("ObjectSizeLessThan") || size < static_cast<std::uint64_t>(filter.integer("ObjectSizeLessThan"));
}

bool enabled(const Value& rule) { return rule.text("Status") == "Enabled"; }

}  // namespace

TimeMs due_after_days(TimeMs start, std::int64_t days) { return (start + days * day_ms + day_ms - 1) / day_ms * day_ms; }

bool rule_covers(const Value& rule, std::string_view key, std::uint64_t size, const Object& tags) {
    if (rule.has("Prefix")) return key.starts_with(rule.text("Prefix"));
    const Value& filter = rule["Filter"];
    const Value& c = filter.has("And") ? filter["And"] : filter;
    if (!key.starts_with(c.text("Prefix")) || !size_fits(c, size)) return false;
    if (c.has("Tag") && !has_tag(tags, c["Tag"])) return false;
    return std::all_of(c.list("Tags").begin(), c.list("Tags").end(), [&](const Value& tag) { return has_tag(tags, tag); });
}

std::optional<Expiry> expiry_of(const Bucket& bucket, const Version& v) {
    if (bucket.lifecycle.empty() || v.delete_marker) return std::nullopt;
    std::optional<Expiry> first;
    Value configuration = json::parse(bucket.lifecycle);
    for (const Value& rule : configuration.list("Rules")) {
        const Value& expiration = rule["Expiration"];
        if (!enabled(rule) || !rule_covers(rule, v.key, v.size, v.tags)) continue;
        TimeMs at = 0;
        if (expiration.has("Days")) at = due_after_days(v.modified, expiration.integer("Days"));
        else if (expiration.has("Date")) at = parse_iso8601(expiration.text("Date")).value_or(0);
        if (at && (!first || at < first->at)) first = Expiry{at, std::string(rule.text("ID"))};
    }
    return first;
}

std::optional<Expiry> abort_of(const Bucket& bucket, std::string_view key, TimeMs initiated) {
    if (bucket.lifecycle.empty()) return std::nullopt;
    std::optional<Expiry> first;
    Value configuration = json::parse(bucket.lifecycle);
    for (const Value& rule : configuration.list("Rules")) {
        const Value& abort = rule["AbortIncompleteMultipartUpload"];
        if (!enabled(rule) || !abort.has("DaysAfterInitiation") || !rule_covers(rule, key, 0, {})) continue;
        TimeMs at = due_after_days(initiated, abort.integer("DaysAfterInitiation"));
        if (!first || at < first->at) first = Expiry{at, std::string(rule.text("ID"))};
    }
    return first;
}

std::string expiry_header(const Expiry& e) { return fmt::format("expiry-date=\"{}\", rule-id=\"{}\"", http_date(e.at), percent_encode(e.rule)); }

void schedule_lifecycle(Transaction& tx, const Bucket& bucket, TimeMs now) {
    NewJob job;
    job.kind = lifecycle_job;
    job.resource = bucket_arn(bucket.name);
    job.payload = bucket.name;
    job.key = bucket.name;
    job.due = (now / day_ms + 1) * day_ms;
    tx.enqueue(std::move(job));
}

}  // namespace virga::object
