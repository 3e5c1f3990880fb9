#include "emulator/object/checksums.hpp"

#include <doctest/doctest.h>

#include "emulator/base/encoding.hpp"

using namespace virga;
using namespace virga::object;

TEST_CASE("known checksum values") {
    CHECK(base64_encode(checksum_of(ChecksumAlgorithm::crc64nvme, "hello world")) == "jSnVw/bqjr4=");
    CHECK(base64_encode(checksum_of(ChecksumAlgorithm::crc64nvme, "")) == "AAAAAAAAAAA=");
    CHECK(base64_encode(checksum_of(ChecksumAlgorithm::crc32, "abcdefg")) == "MSpqpg==");
    CHECK(base64_encode(checksum_of(ChecksumAlgorithm::crc32c, "abcdefg")) == "5if0QQ==");
    CHECK(crc64nvme("123456789") == 0xAE8B14860A799888ull);
    CHECK(crc64nvme("6789", crc64nvme("12345")) == 0xAE8B14860A799888ull);
}

TEST_CASE("the processor's CRC-32C agrees with the table's") {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        CHECK(fast_crc32c(text) == crc32c(text));
        text.push_back(static_cast<char>(i * 37));
    }
}

// Short pieces take the tables, long ones are folded.
TEST_CASE("folded CRCs agree with the tables'") {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text.push_back(static_cast<char>(i * 37 + i / 11));
        if (i % 7 && i > 300) continue;
        std::uint64_t by_pieces = 0;
        for (std::size_t at = 0; at < text.size(); at += 50) by_pieces = crc64nvme(std::string_view(text).substr(at, 50), by_pieces);
        CHECK(crc64nvme(text) == by_pieces);
        CHECK(crc64nvme(text, 0x123456789abcdefull) == crc64nvme(std::string_view(text).substr(std::min<std::size_t>(50, text.size())),
                                                                 crc64nvme(std::string_view(text).substr(0, 50), 0x123456789abcdefull)));
    }
}

// The vectors of the xxHash specification's sanity checks: empty input, no seed.
TEST_CASE("xxHash, big-endian") {
    CHECK(hex_encode(checksum_of(ChecksumAlgorithm::xxhash64, "")) == "ef46db3751d8e999");
    CHECK(hex_encode(checksum_of(ChecksumAlgorithm::xxhash3, "")) == "2d06800538d394c2");
    CHECK(hex_encode(checksum_of(ChecksumAlgorithm::xxhash128, "")) == "99aa06d3014798d86001c324468d497f");
    CHECK(allows_type(ChecksumAlgorithm::xxhash3, ChecksumType::composite));
    CHECK_FALSE(allows_type(ChecksumAlgorithm::xxhash3, ChecksumType::full_object));
}

// The published vectors of the S3 documentation: three parts of 5 MiB of 'A', 'B' and 'C'.
TEST_CASE("checksums of parts join to the whole object's") {
    std::vector<PartChecksum> parts;
    for (char c : {'A', 'B', 'C'}) {
        std::string part(5 << 20, c);
        parts.push_back({checksum_of(ChecksumAlgorithm::crc32, part), part.size()});
    }
    CHECK(base64_encode(parts[0].digest) == "JRTCyQ==");
    CHECK(base64_encode(parts[1].digest) == "QoZTGg==");
    CHECK(base64_encode(parts[2].digest) == "YAgjqw==");
    CHECK(base64_encode(join_checksums(ChecksumAlgorithm::crc32, parts)) == "WgDhBQ==");
}

TEST_CASE("every CRC joins") {
    for (auto algorithm : {ChecksumAlgorithm::crc32, ChecksumAlgorithm::crc32c, ChecksumAlgorithm::crc64nvme}) {
        std::string a = "one part", b(1000, 'x'), c;
        std::vector<PartChecksum> parts;
        for (const auto& p : {a, b, c}) parts.push_back({checksum_of(algorithm, p), p.size()});
        CHECK(join_checksums(algorithm, parts) == checksum_of(algorithm, a + b + c));
    }
}

TEST_CASE("algorithms, types and values") {
    CHECK(parse_checksum_algorithm("crc64nvme") == ChecksumAlgorithm::crc64nvme);
    CHECK_FALSE(parse_checksum_algorithm("CRC16"));
    CHECK(allows_type(ChecksumAlgorithm::crc32, ChecksumType::full_object));
    CHECK_FALSE(allows_type(ChecksumAlgorithm::sha256, ChecksumType::full_object));
    CHECK_FALSE(allows_type(ChecksumAlgorithm::crc64nvme, ChecksumType::composite));
    CHECK(is_checksum_value(ChecksumAlgorithm::crc32, "MSpqpg=="));
    CHECK_FALSE(is_checksum_value(ChecksumAlgorithm::crc32, "MSpq"));
    CHECK_FALSE(is_checksum_value(ChecksumAlgorithm::crc32, "bad"));
}
