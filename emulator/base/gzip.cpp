#include "emulator/base/gzip.hpp"

#include <zlib.h>

#include <memory>
#include <stdexcept>

namespace virga {

namespace {

// Values of zlib's windowBits: the largest window, and which header.
constexpr int gzip_header = 15 + 16, zlib_header = 15, no_header = -15, gzip_or_zlib_header = 15 + 32;

Bytef* input(std::string_view data) { return reinterpret_cast<Bytef*>(const_cast<char*>(data.data())); }

std::string deflated(std::string_view data, int window_bits) {
    z_stream z{};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib does not start");
    std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&z, deflateEnd);
    std::string out(deflateBound(&z, data.size()), '\0');
    z.next_in = input(data);
    z.avail_in = static_cast<uInt>(data.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib does not end");
    out.resize(z.total_out);
    return out;
}

Inflated inflated(std::string_view data, int window_bits, std::size_t limit, std::string& out) {
    z_stream z{};
    if (inflateInit2(&z, window_bits) != Z_OK) throw std::runtime_error("zlib does not start");
    std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&z, inflateEnd);
    z.next_in = input(data);
    z.avail_in = static_cast<uInt>(data.size());
    char piece[16384];
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(piece);
        z.avail_out = sizeof piece;
        const int result = ::inflate(&z, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END) return Inflated::broken;
        out.append(piece, sizeof piece - z.avail_out);
        if (out.size() > limit) return Inflated::too_large;
        if (result == Z_STREAM_END) {
            if (z.avail_in == 0) return Inflated::whole;
            if (inflateReset(&z) != Z_OK) return Inflated::broken;  // the next member
        } else if (z.avail_in == 0 && z.avail_out != 0) {
            return Inflated::broken;  // cut off
        }
    }
}

}  // namespace

std::string gzip(std::string_view data) { return deflated(data, gzip_header); }
std::string deflate_zlib(std::string_view data) { return deflated(data, zlib_header); }
std::string deflate_raw(std::string_view data) { return deflated(data, no_header); }
Inflated gunzip(std::string_view data, std::size_t limit, std::string& out) { return inflated(data, gzip_header, limit, out); }
Inflated inflate(std::string_view data, std::size_t limit, std::string& out) { return inflated(data, gzip_or_zlib_header, limit, out); }

}  // namespace virga
