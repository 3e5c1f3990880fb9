// Records inside records: what the Kinesis Producer Library packs together, concatenated JSON, delimited text.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virga::delivery {

struct SubRecord {
    std::string partition_key;
    std::string data;
};

// The records of a KPL aggregate: magic F3 89 9A C2, a protobuf message, its MD5. Nothing when it is none (then it is one plain record).
// https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
std::optional<std::vector<SubRecord>> split_aggregate(std::string_view data);

// Concatenated JSON objects, with white space or nothing between them. Nothing when the text is anything else.
std::optional<std::vector<std::string>> split_json(std::string_view text);
// Parts between delimiters; an empty part at the end is none.
std::vector<std::string> split_delimited(std::string_view text, std::string_view delimiter);

}  // namespace virga::delivery
