#include "apis/dynamodb/compression.hpp"

#include <zstd.h>

#include <memory>

#include "emulator/base/gzip.hpp"

namespace virga::dynamodb {

namespace {

constexpr std::size_t piece = 256 * 1024;  // unpacked at once

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

}  // namespace

std::string unpack(std::string_view type, std::string data, std::size_t limit) {
    if (type == "ZSTD") return unzstd(data, limit);
    if (type != "GZIP") return data;
    std::string out;
    switch (gunzip(data, limit, out)) {
        case Inflated::too_large: throw CompressionError("data is too large");
        case Inflated::broken: throw CompressionError("data is not in gzip format");
        case Inflated::whole: break;
    }
    return out;
}

}  // namespace virga::dynamodb
