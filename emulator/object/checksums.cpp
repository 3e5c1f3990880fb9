#include "emulator/object/checksums.hpp"

#include <openssl/evp.h>

#include <xxhash.h>

#include <array>
#include <cstring>

#include "emulator/base/crc_fold.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::object {

namespace {

struct AlgorithmData {
    ChecksumAlgorithm algorithm;
    std::string_view name;
    std::size_t size;
};
constexpr AlgorithmData algorithms[] = {
    {ChecksumAlgorithm::crc32, "CRC32", 4},   {ChecksumAlgorithm::crc32c, "CRC32C", 4},  {ChecksumAlgorithm::crc64nvme, "CRC64NVME", 8},
    {ChecksumAlgorithm::sha1, "SHA1", 20},    {ChecksumAlgorithm::sha256, "SHA256", 32}, {ChecksumAlgorithm::sha512, "SHA512", 64},
    {ChecksumAlgorithm::md5, "MD5", 16},      {ChecksumAlgorithm::xxhash64, "XXHASH64", 8}, {ChecksumAlgorithm::xxhash3, "XXHASH3", 8},
    {ChecksumAlgorithm::xxhash128, "XXHASH128", 16},
};

const AlgorithmData* data_of(ChecksumAlgorithm algorithm) {
    for (const auto& a : algorithms)
        if (a.algorithm == algorithm) return &a;
    return nullptr;
}

constexpr std::uint64_t crc64nvme_reflected = 0x9A6C9329AC4BC9B5ull;
constexpr std::uint64_t crc32_reflected = 0xEDB88320ull;
constexpr std::uint64_t crc32c_reflected = 0x82F63B78ull;

// tables[k][b]: the effect of byte b followed by k zero bytes, so that eight bytes are taken in one step.
constexpr std::array<std::array<std::uint64_t, 256>, 8> make_crc64_tables() {
    std::array<std::array<std::uint64_t, 256>, 8> t{};
    for (std::uint64_t i = 0; i < 256; ++i) {
        std::uint64_t c = i;
        for (int k = 0; k < 8; ++k) c = (c & 1) ? crc64nvme_reflected ^ (c >> 1) : c >> 1;
        t[0][i] = c;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t i = 0; i < 256; ++i) t[k][i] = t[0][t[k - 1][i] & 255] ^ (t[k - 1][i] >> 8);
    return t;
}
constexpr auto crc64_tables = make_crc64_tables();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(std::string_view data, std::uint32_t start) {
    std::uint64_t c = static_cast<std::uint32_t>(~start);
    const char* p = data.data();
    std::size_t n = data.size();
    for (; n >= 8; p += 8, n -= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);
        c = __builtin_ia32_crc32di(c, word);
    }
    auto c32 = static_cast<std::uint32_t>(c);
    for (; n; ++p, --n) c32 = __builtin_ia32_crc32qi(c32, static_cast<unsigned char>(*p));
    return ~c32;
}
#endif

// Matrices over GF(2), one column a bit: how a CRC register moves when zero bits follow.
using Matrix = std::array<std::uint64_t, 64>;

std::uint64_t times(const Matrix& m, std::uint64_t v) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; v; ++i, v >>= 1)
        if (v & 1) sum ^= m[i];
    return sum;
}

Matrix square(const Matrix& m, std::size_t bits) {
    Matrix out{};
    for (std::size_t i = 0; i < bits; ++i) out[i] = times(m, m[i]);
    return out;
}

// Joins CRCs. An upload may have ten thousand parts: how zeros move the register is worked out once for all of them.
class CrcJoin {
public:
    CrcJoin(std::uint64_t polynomial, std::size_t bits) : bits_(bits) {
        Matrix shift{};
        shift[0] = polynomial;
        for (std::size_t i = 1; i < bits; ++i) shift[i] = 1ull << (i - 1);
        for (int i = 0; i < 3; ++i) shift = square(shift, bits);  // one bit -> one byte
        shifts_.push_back(shift);
    }
    // crc(a b) from crc(a), crc(b) and the length of b.
    std::uint64_t join(std::uint64_t a, std::uint64_t b, std::uint64_t length) {
        for (std::size_t i = 0; length; ++i, length >>= 1) {
            if (i == shifts_.size()) shifts_.push_back(square(shifts_.back(), bits_));
            if (length & 1) a = times(shifts_[i], a);
        }
        return a ^ b;
    }

private:
    std::size_t bits_;
    std::vector<Matrix> shifts_;  // over 2^i zero bytes
};

std::string big_endian(std::uint64_t value, std::size_t bytes) {
    std::string out(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) out[i] = static_cast<char>(value >> (8 * (bytes - 1 - i)));
    return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
    std::uint64_t v = 0;
    for (char c : bytes) v = v << 8 | static_cast<unsigned char>(c);
    return v;
}

const EVP_MD* evp_of(ChecksumAlgorithm algorithm) {
    switch (algorithm) {
        case ChecksumAlgorithm::sha1: return EVP_sha1();
        case ChecksumAlgorithm::sha256: return EVP_sha256();
        case ChecksumAlgorithm::sha512: return EVP_sha512();
        case ChecksumAlgorithm::md5: return EVP_md5();
        default: return nullptr;
    }
}

}  // namespace

std::string_view checksum_name(ChecksumAlgorithm algorithm) {
    const AlgorithmData* a = data_of(algorithm);
    return a ? a->name : std::string_view();
}

std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name) {
    for (const auto& a : algorithms)
        if (iequals(a.name, name)) return a.algorithm;
    return std::nullopt;
}

std::string_view checksum_type_name(ChecksumType type) { return type == ChecksumType::composite ? "COMPOSITE" : "FULL_OBJECT"; }

std::size_t checksum_size(ChecksumAlgorithm algorithm) {
    const AlgorithmData* a = data_of(algorithm);
    return a ? a->size : 0;
}

bool is_crc(ChecksumAlgorithm a) { return a == ChecksumAlgorithm::crc32 || a == ChecksumAlgorithm::crc32c || a == ChecksumAlgorithm::crc64nvme; }

ChecksumType default_multipart_type(ChecksumAlgorithm algorithm) {
    return algorithm == ChecksumAlgorithm::crc64nvme || algorithm == ChecksumAlgorithm::none ? ChecksumType::full_object : ChecksumType::composite;
}

bool allows_type(ChecksumAlgorithm algorithm, ChecksumType type) {
    if (type == ChecksumType::composite) return algorithm != ChecksumAlgorithm::crc64nvme;
    return is_crc(algorithm);
}

bool is_checksum_value(ChecksumAlgorithm algorithm, std::string_view base64) {
    auto raw = base64_decode(base64);
    return raw && raw->size() == checksum_size(algorithm);
}

namespace {

// The register after `data`, eight bytes in a step.
std::uint64_t crc64_register(std::string_view data, std::uint64_t c) {
    const char* p = data.data();
    std::size_t n = data.size();
    for (; n >= 8; p += 8, n -= 8) {
        std::uint64_t word;
        std::memcpy(&word, p, 8);  // little-endian machines only, as everything else here
        c ^= word;
        c = crc64_tables[7][c & 255] ^ crc64_tables[6][c >> 8 & 255] ^ crc64_tables[5][c >> 16 & 255] ^ crc64_tables[4][c >> 24 & 255] ^
            crc64_tables[3][c >> 32 & 255] ^ crc64_tables[2][c >> 40 & 255] ^ crc64_tables[1][c >> 48 & 255] ^ crc64_tables[0][c >> 56];
    }
    for (; n; ++p, --n) c = crc64_tables[0][(c ^ static_cast<unsigned char>(*p)) & 255] ^ (c >> 8);
    return c;
}

}  // namespace

std::uint64_t crc64nvme(std::string_view data, std::uint64_t start) {
    static constexpr FoldConstants constants = fold_constants(crc64nvme_reflected, 64);
    auto folded = fold_crc(data, ~start, constants);
    if (!folded) return ~crc64_register(data, ~start);
    return ~crc64_register(folded->rest, crc64_register({folded->bytes.data(), folded->bytes.size()}, 0));
}

std::uint32_t fast_crc32c(std::string_view data, std::uint32_t start) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return crc32c_hardware(data, start);
#endif
    return crc32c(data, start);
}

struct Hasher::Evp {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Evp() { EVP_MD_CTX_free(context); }
};

// The states of the three are alike only in what they are for.
struct Hasher::Xxh {
    ChecksumAlgorithm algorithm;
    XXH64_state_t* short_state = nullptr;
    XXH3_state_t* state = nullptr;

    explicit Xxh(ChecksumAlgorithm a) : algorithm(a) {
        if (a == ChecksumAlgorithm::xxhash64) {
            short_state = XXH64_createState();
            XXH64_reset(short_state, 0);
            return;
        }
        state = XXH3_createState();
        if (a == ChecksumAlgorithm::xxhash3) XXH3_64bits_reset(state);
        else XXH3_128bits_reset(state);
    }
    ~Xxh() {
        XXH64_freeState(short_state);
        XXH3_freeState(state);
    }
    Xxh(const Xxh&) = delete;
    void update(std::string_view data) {
        if (algorithm == ChecksumAlgorithm::xxhash64) XXH64_update(short_state, data.data(), data.size());
        else if (algorithm == ChecksumAlgorithm::xxhash3) XXH3_64bits_update(state, data.data(), data.size());
        else XXH3_128bits_update(state, data.data(), data.size());
    }
    std::string finish() {
        if (algorithm == ChecksumAlgorithm::xxhash64) return big_endian(XXH64_digest(short_state), 8);
        if (algorithm == ChecksumAlgorithm::xxhash3) return big_endian(XXH3_64bits_digest(state), 8);
        XXH128_hash_t hash = XXH3_128bits_digest(state);
        return big_endian(hash.high64, 8) + big_endian(hash.low64, 8);
    }
};

Hasher::Hasher(ChecksumAlgorithm algorithm) : algorithm_(algorithm) {
    if (algorithm >= ChecksumAlgorithm::xxhash64) xxh_ = std::make_unique<Xxh>(algorithm);
    if (const EVP_MD* kind = evp_of(algorithm)) {
        evp_ = std::make_unique<Evp>();
        EVP_DigestInit_ex(evp_->context, kind, nullptr);
    }
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view data) {
    switch (algorithm_) {
        case ChecksumAlgorithm::none: break;
        case ChecksumAlgorithm::crc32: crc_ = crc32(data, static_cast<std::uint32_t>(crc_)); break;
        case ChecksumAlgorithm::crc32c: crc_ = fast_crc32c(data, static_cast<std::uint32_t>(crc_)); break;
        case ChecksumAlgorithm::crc64nvme: crc_ = crc64nvme(data, crc_); break;
        case ChecksumAlgorithm::xxhash64:
        case ChecksumAlgorithm::xxhash3:
        case ChecksumAlgorithm::xxhash128: xxh_->update(data); break;
        default: EVP_DigestUpdate(evp_->context, data.data(), data.size());
    }
}

std::string Hasher::finish() {
    if (xxh_) return xxh_->finish();
    if (!evp_) return big_endian(crc_, checksum_size(algorithm_));
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    EVP_DigestFinal_ex(evp_->context, out, &n);
    return std::string(reinterpret_cast<char*>(out), n);
}

std::string checksum_of(ChecksumAlgorithm algorithm, std::string_view data) {
    Hasher h(algorithm);
    h.update(data);
    return h.finish();
}

std::string join_checksums(ChecksumAlgorithm algorithm, const std::vector<PartChecksum>& parts) {
    std::size_t bytes = checksum_size(algorithm);
    std::uint64_t polynomial = algorithm == ChecksumAlgorithm::crc32    ? crc32_reflected
                               : algorithm == ChecksumAlgorithm::crc32c ? crc32c_reflected
                                                                        : crc64nvme_reflected;
    CrcJoin joined(polynomial, bytes * 8);
    std::uint64_t whole = 0;  // of the empty object
    for (const auto& part : parts) whole = joined.join(whole, from_big_endian(part.digest), part.size);
    return big_endian(whole, bytes);
}

std::string composite_checksum(ChecksumAlgorithm algorithm, const std::vector<PartChecksum>& parts) {
    Hasher h(algorithm);
    for (const auto& part : parts) h.update(part.digest);
    return base64_encode(h.finish()) + "-" + std::to_string(parts.size());
}

}  // namespace virga::object
