#include "apis/s3/aws_chunked.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace virga;
using namespace virga::s3;

namespace {

// Decodes `coded` given in pieces of `step` bytes; "!<code>" for an error.
std::string decode(const std::string& coded, std::size_t step, std::vector<std::pair<std::string, std::string>>* trailers = nullptr) {
    AwsChunkedDecoder decoder;
    std::string out;
    try {
        for (std::size_t at = 0; at < coded.size(); at += step) decoder.feed(std::string_view(coded).substr(at, step), out);
        decoder.finish();
    } catch (const ApiError& e) {
        return "!" + e.code;
    }
    if (trailers) *trailers = decoder.trailers();
    return out;
}

}  // namespace

TEST_CASE("every form decodes, however it is cut") {
    std::string big(8192, 'b');
    std::string sig = ";chunk-signature=" + std::string(64, 'a');
    for (std::size_t step : {1, 2, 3, 7, 100000}) {
        CHECK(decode("5\r\nhello\r\n0\r\n\r\n", step) == "hello");
        CHECK(decode("0\r\n\r\n", step).empty());
        CHECK(decode("2000" + sig + "\r\n" + big + "\r\n1" + sig + "\r\nx\r\n0" + sig + "\r\n\r\n", step) == big + "x");
        std::vector<std::pair<std::string, std::string>> trailers;
        CHECK(decode("3\r\nabc\r\n0\r\nX-Amz-Checksum-CRC32:NSRBwg==\r\nx-amz-trailer-signature:ff\r\n\r\n", step, &trailers) == "abc");
        REQUIRE(trailers.size() == 1);  // the trailer's signature is none of them
        CHECK(trailers[0].first == "x-amz-checksum-crc32");
        CHECK(trailers[0].second == "NSRBwg==");
    }
}

TEST_CASE("bad frames") {
    for (std::size_t step : {1, 1000}) {
        for (const char* bad : {"", "5", "5\r\nhell", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhelloo\r\n0\r\n\r\n", "g\r\n", "\r\n", "-1\r\n", "ffffffffffffffff\r\n",
                                "0\r\n\r\nmore"})
            CHECK_MESSAGE(decode(bad, step) == "!IncompleteBody", bad);
        CHECK(decode("0\r\nno colon\r\n\r\n", step) == "!MalformedTrailerError");
        CHECK(decode("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", step) == "!InvalidChunkSizeError");
    }
    CHECK(decode(std::string(100000, '1'), 1000) == "!IncompleteBody");
}
