// Prefixes of S3 objects with expressions: "logs/!{timestamp:yyyy}/!{partitionKeyFromQuery:customer}/".
// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::delivery {

struct PrefixPart {
    enum class Kind { literal, timestamp, error_type, random, query_key, lambda_key } kind = Kind::literal;
    std::string text;  // the literal, the pattern, the key
};

// Throws expression_syntax, expression_namespace and expression_value. `member`: "Prefix" or "ErrorOutputPrefix", for the text.
std::vector<PrefixPart> parse_prefix(std::string_view prefix, std::string_view member);
bool has_expressions(const std::vector<PrefixPart>& parts);
bool has(const std::vector<PrefixPart>& parts, PrefixPart::Kind kind);
bool has_partition_keys(const std::vector<PrefixPart>& parts);

// What a destination's two prefixes must be. Throws what is wrong first.
void check_prefixes(std::string_view prefix, std::string_view error_prefix, bool partitioned);

struct PrefixValues {
    TimeMs instant = 0;                       // arrival of the oldest record
    std::int64_t offset_s = 0;                // of the time zone
    std::string zone = "UTC";
    std::string error_type;                   // "processing-failed", ..
    Value keys;                               // {"query": {..}, "lambda": {..}}
    std::function<std::string()> random;      // 11 characters, other ones each time
};

// A prefix without expressions (or none) is followed by "yyyy/MM/dd/HH/"; one with expressions is what it evaluates to.
std::string evaluate_prefix(std::string_view prefix, const PrefixValues& values);
// The same for records that failed: without an ErrorOutputPrefix they go to "<prefix><type>/yyyy/MM/dd/HH/".
std::string evaluate_error_prefix(std::string_view prefix, std::string_view error_prefix, const PrefixValues& values);

}  // namespace virga::delivery
