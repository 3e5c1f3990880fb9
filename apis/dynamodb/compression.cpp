#include "apis/dynamodb/compression.hpp"

#include <zlib.h>
#include <zstd.h>

#include <memory>

namespace virga::dynamodb {

namespace {

constexpr int gzip_bits = 15 + 16;
constexpr std::size_t piece = 256 * 1024;

Bytef* input(std::string_view data) { return reinterpret_cast<Bytef*>(const_cast<char*>(data.data())); }

}  // namespace

std::string gzip(std::string_view data) {
    z_stream z{};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw CompressionError("no memory to compress");
    std::string out(deflateBound(&z, data.size()), '\0');
    z.next_in = input(data);
    z.avail_in = static_cast<uInt>(data.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (result != Z_STREAM_END) throw CompressionError("data could not be compressed");
    return out;
}

std::string gunzip(std::string_view data, std::size_t limit) {
    z_stream z{};
    if (inflateInit2(&z, gzip_bits) != Z_OK) throw CompressionError("no memory to decompress");
    auto end = [](z_stream* s) { inflateEnd(s); };
    std::unique_ptr<z_stream, decltype(end)> guard(&z, end);
    z.next_in = input(data);
    z.avail_in = static_cast<uInt>(data.size());
    std::string out, buffer(piece, '\0');
    for (;;) {
        z.next_out = reinterpret_cast<Bytef*>(buffer.data());
        z.avail_out = static_cast<uInt>(buffer.size());
        const int result = inflate(&z, Z_NO_FLUSH);
        out.append(buffer, 0, buffer.size() - z.avail_out);
        if (out.size() > limit) throw CompressionError("data is too large");
        if (result == Z_STREAM_END) {
            if (z.avail_in == 0) return out;
            inflateReset(&z);
        } else if (result != Z_OK) {
            throw CompressionError("data is not in gzip format");
        }
    }
}

std::string unzstd(std::string_view data, std::size_t limit) {
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    if (!context) throw CompressionError("no memory to decompress");
    ZSTD_inBuffer in{data.data(), data.size(), 0};
    std::string out, buffer(piece, '\0');
    std::size_t result = 1;
    while (in.pos < in.size || result != 0) {
        ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
        const std::size_t before = in.pos;
        result = ZSTD_decompressStream(context.get(), &to, &in);
        if (ZSTD_isError(result) || (to.pos == 0 && in.pos == before && result != 0)) throw CompressionError("data is not in zstd format");
        out.append(buffer, 0, to.pos);
        if (out.size() > limit) throw CompressionError("data is too large");
        if (in.pos == in.size && to.pos < buffer.size()) break;
    }
    if (result != 0) throw CompressionError("data is not in zstd format");
    return out;
}

}  // namespace virga::dynamodb
