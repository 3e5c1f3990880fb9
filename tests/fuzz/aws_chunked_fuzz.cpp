// The aws-chunked decoder: however the body is cut, the same bytes or the same refusal come out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "apis/s3/aws_chunked.hpp"
#include "apis/s3/ranges.hpp"
#include "emulator/base/error.hpp"

namespace {

std::string decode(std::string_view coded, std::size_t step) {
    virga::s3::AwsChunkedDecoder decoder;
    std::string out;
    try {
        for (std::size_t at = 0; at < coded.size(); at += step) decoder.feed(coded.substr(at, step), out);
        decoder.finish();
    } catch (const virga::ApiError& e) {
        return "!" + e.code;
    }
    for (const auto& [name, value] : decoder.trailers()) out += "\n" + name + ":" + value;
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view coded(reinterpret_cast<const char*>(data), size);
    std::string whole = decode(coded, size + 1);
    if (decode(coded, 1) != whole || decode(coded, 3) != whole) std::abort();
    try {
        if (auto range = virga::s3::parse_range(coded, 1000))
            if (range->first >= 1000 || range->length == 0 || range->first + range->length > 1000) std::abort();
    } catch (const virga::ApiError&) {
    }
    return 0;
}
