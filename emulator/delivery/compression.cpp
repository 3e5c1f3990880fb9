#include "emulator/delivery/compression.hpp"

#include <snappy.h>
#include <zlib.h>

#include <stdexcept>

#include "emulator/base/encoding.hpp"

namespace virga::delivery {

namespace {

// What one block of a Snappy stream holds: small enough for every reader's buffer.
constexpr std::size_t snappy_block = 32 * 1024, hadoop_block = 256 * 1024;
// More than any log event or record can become: a decompression bomb ends here.
constexpr std::size_t max_inflated = 64 * 1024 * 1024;

void put_big(std::string& out, std::size_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
void put_little(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

// window_bits: 31 for gzip, -15 for a bare stream.
std::string deflated(std::string_view data, int window_bits) {
    z_stream z{};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib does not start");
    std::string out(deflateBound(&z, data.size()) + 32, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    z.avail_in = static_cast<uInt>(data.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
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
    std::string packed = deflated(data, -15);
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

std::string gzip(std::string_view data) { return deflated(data, 31); }

bool gunzip(std::string_view data, std::string& out) {
    out.clear();
    z_stream z{};
    if (data.size() < 18 || inflateInit2(&z, 31) != Z_OK) return false;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    z.avail_in = static_cast<uInt>(data.size());
    char piece[16384];
    int code = Z_OK;
    while (code != Z_DATA_ERROR) {
        z.next_out = reinterpret_cast<Bytef*>(piece);
        z.avail_out = sizeof piece;
        code = inflate(&z, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END) break;
        out.append(piece, sizeof piece - z.avail_out);
        if (out.size() > max_inflated) code = Z_DATA_ERROR;
        else if (code == Z_STREAM_END) {
            if (z.avail_in == 0) break;
            if (inflateReset(&z) != Z_OK) break;  // the next member
        }
    }
    inflateEnd(&z);
    return code == Z_STREAM_END;
}

Compressed compress(std::string_view format, std::string data, std::string_view entry) {
    if (format == "GZIP") return {gzip(data), ".gz", "gzip"};
    if (format == "ZIP") return {zip(data, entry), ".zip", "zip"};
    if (format == "Snappy") return {snappy_stream(data, false), ".snappy", "snappy-java"};
    if (format == "HADOOP_SNAPPY") return {snappy_stream(data, true), ".snappy", "hadoop-snappy"};
    return {std::move(data), "", ""};
}

}  // namespace virga::delivery
