// The compressions of delivered objects.
#pragma once
#include <string>
#include <string_view>

namespace virga::delivery {

struct Compressed {
    std::string data;
    std::string suffix;            // ".gz"
    std::string content_encoding;  // "gzip", or ""
};

// format: "UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY". `entry` names the one file of a ZIP. Equal input gives equal bytes.
//
// Snappy is the framing of snappy-java's streams: magic 82 "SNAPPY" 00, version and least version as big-endian 32-bit numbers, then blocks,
// each with its length before it. Hadoop's: the length before compression, the block's length, the block.
Compressed compress(std::string_view format, std::string data, std::string_view entry);

}  // namespace virga::delivery
