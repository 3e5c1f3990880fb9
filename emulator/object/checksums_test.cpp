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
