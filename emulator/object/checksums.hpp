// The checksums that S3 keeps beside an object, computed piece by piece.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virga::object {

enum class ChecksumAlgorithm : std::uint8_t { none, crc32, crc32c, crc64nvme, sha1, sha256, sha512, md5, xxhash64, xxhash3, xxhash128 };
enum class ChecksumType : std::uint8_t { full_object, composite };

// The API's names: "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"; "" for none.
std::string_view checksum_name(ChecksumAlgorithm algorithm);
// By the API's name, in any case.
std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name);
std::string_view checksum_type_name(ChecksumType type);  // "FULL_OBJECT", "COMPOSITE"
std::size_t checksum_size(ChecksumAlgorithm algorithm);  // of the raw digest in bytes
// Checksums of parts can be joined to the whole object's without reading it again.
bool is_crc(ChecksumAlgorithm algorithm);
// What a multipart upload takes when only the algorithm is given.
ChecksumType default_multipart_type(ChecksumAlgorithm algorithm);
bool allows_type(ChecksumAlgorithm algorithm, ChecksumType type);

// Base64 of a digest of the right length.
bool is_checksum_value(ChecksumAlgorithm algorithm, std::string_view base64);

// CRC-64/NVME: polynomial 0xAD93D23594C93659, reflected, initial value and final xor all ones.
std::uint64_t crc64nvme(std::string_view data, std::uint64_t start = 0);
// CRC-32C with the processor's instruction where there is one.
std::uint32_t fast_crc32c(std::string_view data, std::uint32_t start = 0);

// A running digest. finish() gives the raw digest (CRCs big-endian), once.
class Hasher {
public:
    explicit Hasher(ChecksumAlgorithm algorithm);
    Hasher(Hasher&&) noexcept;
    ~Hasher();
    void update(std::string_view data);
    std::string finish();
    ChecksumAlgorithm algorithm() const { return algorithm_; }

private:
    struct Evp;
    struct Xxh;
    ChecksumAlgorithm algorithm_;
    std::uint64_t crc_ = 0;
    std::unique_ptr<Evp> evp_;
    std::unique_ptr<Xxh> xxh_;
};

// Raw digest of `data` at once.
std::string checksum_of(ChecksumAlgorithm algorithm, std::string_view data);

struct PartChecksum {
    std::string digest;  // raw
    std::uint64_t size;
};
// FULL_OBJECT of an object made of these parts; a CRC only.
std::string join_checksums(ChecksumAlgorithm algorithm, const std::vector<PartChecksum>& parts);
// COMPOSITE: the digest of the parts' digests, base64, with "-<number of parts>".
std::string composite_checksum(ChecksumAlgorithm algorithm, const std::vector<PartChecksum>& parts);

}  // namespace virga::object
