#include "emulator/delivery/compression.hpp"

#include <snappy.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"

namespace virga::delivery {

namespace {

// What one block of a Snappy stream holds: small enough for every reader's buffer.
constexpr std::size_t snappy_block = 32 * 1024, hadoop_block = 256 * 1024;

void put_big(std::string& out, std::size_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
void put_little(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

// The fields a local and a central header of the archive have in common.
std::string zip_fields(std::uint32_t crc, std::size_t packed, std::size_t size, std::string_view name) {
    std::string out;
    put_little(out, 20, 2);      // version needed
    put_little(out, 0, 2);       // flags
    put_little(out, 8, 2);       // deflated
    put_little(out, 0, 2);       // time
    put_little(out, 0x21, 2);    // 1980-01-01: an object's time is its own
    put_little(out, crc, 4);
    put_little(out, packed, 4);
    put_little(out, size, 4);
    put_little(out, name.size(), 2);
    put_little(out, 0, 2);
    return out;
}

std::string zip(std::string_view data, std::string_view name) {
    std::string packed = deflate_raw(data);
    std::string fields = zip_fields(crc32(data), packed.size(), data.size(), name);
    std::string out = "PK\x03\x04" + fields + std::string(name) + packed;
    std::string central = std::string("PK\x01\x02\x14\x00", 6) + fields;
    central.append(10, '\0');        // comment, disk, attributes
    put_little(central, 0, 4);       // where the local header is
    central += name;
    std::size_t start = out.size();
    out += central;
    out += std::string("PK\x05\x06\0\0\0\0\x01\0\x01\0", 12);
    put_little(out, central.size(), 4);
    put_little(out, start, 4);
    put_little(out, 0, 2);
    return out;
}

std::string snappy_stream(std::string_view data, bool hadoop) {
    std::string out = hadoop ? "" : std::string("\x82SNAPPY\0\0\0\0\x01\0\0\0\x01", 16);
    std::size_t block = hadoop ? hadoop_block : snappy_block;
    for (std::size_t at = 0; at < data.size(); at += block) {
        auto piece = data.substr(at, block);
        std::string packed;
        snappy::Compress(piece.data(), piece.size(), &packed);
        if (hadoop) put_big(out, piece.size());
        put_big(out, packed.size());
        out += packed;
    }
    return out;
}

}  // namespace

Compressed compress(std::string_view format, std::string data, std::string_view entry) {
    if (format == "GZIP") return {gzip(data), ".gz", "gzip"};
    if (format == "ZIP") return {zip(data, entry), ".zip", "zip"};
    if (format == "Snappy") return {snappy_stream(data, false), ".snappy", "snappy-java"};
    if (format == "HADOOP_SNAPPY") return {snappy_stream(data, true), ".snappy", "hadoop-snappy"};
    return {std::move(data), "", ""};
}

}  // namespace virga::delivery
