#include "emulator/delivery/prefix.hpp"

#include <algorithm>

#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/time_pattern.hpp"

namespace virga::delivery {

namespace {

constexpr std::string_view default_pattern = "yyyy/MM/dd/HH/";

PrefixPart expression(std::string_view inside, std::string_view member) {
    auto colon = inside.find(':');
    if (colon == inside.npos) throw expression_syntax();
    auto name = inside.substr(0, colon), value = inside.substr(colon + 1);
    if (value.empty()) throw expression_syntax();
    using Kind = PrefixPart::Kind;
    if (name == "timestamp") {
        if (!is_time_pattern(value)) throw expression_value(member);
        return {Kind::timestamp, std::string(value)};
    }
    if (name == "firehose") {
        if (value == "error-output-type") return {Kind::error_type, {}};
        if (value == "random-string") return {Kind::random, {}};
        throw expression_value(member);
    }
    if (name == "partitionKeyFromQuery") return {Kind::query_key, std::string(value)};
    if (name == "partitionKeyFromLambda") return {Kind::lambda_key, std::string(value)};
    throw expression_namespace(name);
}

// Literal characters stay and every expression yields at least one.
std::size_t least_length(const std::vector<PrefixPart>& parts) {
    std::size_t n = 0;
    for (const auto& p : parts) n += p.kind == PrefixPart::Kind::literal ? p.text.size() : 1;
    return n;
}

std::string timestamp(std::string_view pattern, const PrefixValues& v) { return format_time(pattern, v.instant, v.offset_s, v.zone); }

std::string evaluate(const std::vector<PrefixPart>& parts, const PrefixValues& v) {
    std::string out;
    for (const auto& p : parts) switch (p.kind) {
            case PrefixPart::Kind::literal: out += p.text; break;
            case PrefixPart::Kind::timestamp: out += timestamp(p.text, v); break;
            case PrefixPart::Kind::error_type: out += v.error_type; break;
            case PrefixPart::Kind::random: out += v.random(); break;
            case PrefixPart::Kind::query_key: out += v.keys["query"].text(p.text); break;
            case PrefixPart::Kind::lambda_key: out += v.keys["lambda"].text(p.text); break;
        }
    return out;
}

}  // namespace

std::vector<PrefixPart> parse_prefix(std::string_view prefix, std::string_view member) {
    std::vector<PrefixPart> parts;
    while (!prefix.empty()) {
        auto at = prefix.find("!{");
        if (at != 0) parts.push_back({PrefixPart::Kind::literal, std::string(prefix.substr(0, at))});
        if (at == prefix.npos) break;
        auto end = prefix.find('}', at);
        if (end == prefix.npos) throw expression_syntax();
        parts.push_back(expression(prefix.substr(at + 2, end - at - 2), member));
        prefix.remove_prefix(end + 1);
    }
    return parts;
}

bool has(const std::vector<PrefixPart>& parts, PrefixPart::Kind kind) {
    return std::any_of(parts.begin(), parts.end(), [&](const PrefixPart& p) { return p.kind == kind; });
}

bool has_expressions(const std::vector<PrefixPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const PrefixPart& p) { return p.kind != PrefixPart::Kind::literal; });
}

bool has_partition_keys(const std::vector<PrefixPart>& parts) {
    return has(parts, PrefixPart::Kind::query_key) || has(parts, PrefixPart::Kind::lambda_key);
}

void check_prefixes(std::string_view prefix, std::string_view error_prefix, bool partitioned) {
    auto parts = parse_prefix(prefix, "Prefix");
    auto error_parts = parse_prefix(error_prefix, "ErrorOutputPrefix");
    if (has_partition_keys(error_parts)) throw partition_namespace_in_error_prefix();
    if (has_partition_keys(parts) && !partitioned) throw partition_namespace_while_off();
    if (has_expressions(parts) && error_prefix.empty()) throw error_prefix_required();
    if (has(parts, PrefixPart::Kind::error_type)) throw prefix_with_error_type();
    if (has_expressions(error_parts) && !has(error_parts, PrefixPart::Kind::error_type)) throw error_prefix_without_type();
    if (partitioned && !has_partition_keys(parts)) throw partition_namespace_missing();
    if (least_length(parts) > limits::max_prefix) throw prefix_too_long("Prefix");
    if (least_length(error_parts) > limits::max_prefix) throw prefix_too_long("ErrorOutputPrefix");
}

std::string evaluate_prefix(std::string_view prefix, const PrefixValues& values) {
    auto parts = parse_prefix(prefix, "Prefix");
    if (!has_expressions(parts)) return std::string(prefix) + timestamp(default_pattern, values);
    return evaluate(parts, values);
}

std::string evaluate_error_prefix(std::string_view prefix, std::string_view error_prefix, const PrefixValues& values) {
    auto parts = parse_prefix(error_prefix, "ErrorOutputPrefix");
    if (has_expressions(parts)) return evaluate(parts, values);
    std::string_view start = error_prefix.empty() ? prefix : error_prefix;
    return std::string(start) + values.error_type + "/" + timestamp(default_pattern, values);
}

}  // namespace virga::delivery
