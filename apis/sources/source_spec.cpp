#include "apis/sources/source_spec.hpp"

#include <algorithm>

#include "emulator/base/arn.hpp"

namespace virga {

std::optional<SourceSpec::Source> source_kind_of(std::string_view text) {
    auto arn = Arn::parse(text);
    if (!arn) return {};
    if (arn->service == "sqs") return SourceSpec::Source::queue;
    if (arn->service == "kinesis") return SourceSpec::Source::kinesis;
    if (arn->service == "dynamodb") return SourceSpec::Source::dynamodb;
    return {};
}

bool SourceSpec::set_source(std::string text) {
    auto kind = source_kind_of(text);
    auto arn = Arn::parse(text);
    if (!kind || !arn) return false;
    source = *kind;
    source_arn = std::move(text);
    source_home = {arn->account, arn->region};
    source_name = source == Source::kinesis ? std::string(arn->name()) : arn->resource;
    return true;
}

bool SourceSpec::add_filter(std::string_view pattern) {
    try {
        filters.push_back(bus::Pattern::compile(pattern));
    } catch (const bus::PatternError&) {
        return false;
    }
    return true;
}

bool SourceSpec::passes(const std::string& json) const {
    return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const bus::Pattern& p) { return p.matches(json); });
}

}  // namespace virga
