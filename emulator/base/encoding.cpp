#include "emulator/base/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include <array>
#include <cctype>
#include <cstring>

#include "emulator/base/crc_fold.hpp"

namespace virga {

namespace {

constexpr char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_base64_values() {
    std::array<std::int8_t, 256> t{};
    for (auto& v : t) v = -1;
    for (int i = 0; i < 64; ++i) t[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::int8_t>(i);
    return t;
}
constexpr auto base64_values = make_base64_values();

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A digest with all it needs kept ready: OpenSSL looks an algorithm up and builds a context at each EVP_Digest, which costs more than
// the digest of a short text.
class Digest {
public:
    explicit Digest(const char* name) : kind_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {}
    Digest(const Digest&) = delete;
    ~Digest() {
        EVP_MD_CTX_free(context_);
        EVP_MD_free(kind_);
    }
    void operator()(std::string_view data, unsigned char* out) {
        EVP_DigestInit_ex2(context_, kind_, nullptr);
        EVP_DigestUpdate(context_, data.data(), data.size());
        EVP_DigestFinal_ex(context_, out, nullptr);
    }
    std::string operator()(std::string_view data) {
        std::string out(static_cast<std::size_t>(EVP_MD_get_size(kind_)), '\0');
        (*this)(data, reinterpret_cast<unsigned char*>(out.data()));
        return out;
    }

private:
    EVP_MD* kind_;
    EVP_MD_CTX* context_;
};

constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t c = i;
        for (int k = 0; k < 8; ++k) c = (c & 1) ? 0x82F63B78u ^ (c >> 1) : c >> 1;
        t[i] = c;
    }
    return t;
}
constexpr auto crc32c_table = make_crc32c_table();

}  // namespace

void base64_encode_to(std::string& out, std::string_view bytes) {
    std::size_t begin = out.size();
    out.resize(begin + (bytes.size() + 2) / 3 * 4);
    char* to = out.data() + begin;
    auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    for (; left >= 3; left -= 3, from += 3, to += 4) {
        std::uint32_t v = std::uint32_t{from[0]} << 16 | std::uint32_t{from[1]} << 8 | from[2];
        to[0] = base64_alphabet[v >> 18];
        to[1] = base64_alphabet[v >> 12 & 63];
        to[2] = base64_alphabet[v >> 6 & 63];
        to[3] = base64_alphabet[v & 63];
    }
    if (left == 0) return;
    std::uint32_t v = std::uint32_t{from[0]} << 16 | (left == 2 ? std::uint32_t{from[1]} << 8 : 0);
    to[0] = base64_alphabet[v >> 18];
    to[1] = base64_alphabet[v >> 12 & 63];
    to[2] = left == 2 ? base64_alphabet[v >> 6 & 63] : '=';
    to[3] = '=';
}

std::string base64_encode(std::string_view bytes) {
    std::string out;
    base64_encode_to(out, bytes);
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    if (text.empty()) return std::string();
    std::size_t pad = text.back() != '=' ? 0 : text[text.size() - 2] == '=' ? 2 : 1;
    std::string out(text.size() / 4 * 3 - pad, '\0');
    auto digit = [&](std::size_t i) { return static_cast<std::int32_t>(base64_values[static_cast<unsigned char>(text[i])]); };
    char* to = out.data();
    std::size_t whole = text.size() - (pad ? 4 : 0);
    std::int32_t all = 0;  // negative once any character was none of the alphabet
    for (std::size_t i = 0; i < whole; i += 4, to += 3) {
        std::int32_t a = digit(i), b = digit(i + 1), c = digit(i + 2), d = digit(i + 3);
        all |= a | b | c | d;
        auto v = static_cast<std::uint32_t>(a) << 18 | static_cast<std::uint32_t>(b) << 12 | static_cast<std::uint32_t>(c) << 6 | static_cast<std::uint32_t>(d);
        to[0] = static_cast<char>(v >> 16);
        to[1] = static_cast<char>(v >> 8);
        to[2] = static_cast<char>(v);
    }
    if (pad) {
        std::int32_t a = digit(whole), b = digit(whole + 1), c = pad == 1 ? digit(whole + 2) : 0;
        all |= a | b | c;
        auto v = static_cast<std::uint32_t>(a) << 18 | static_cast<std::uint32_t>(b) << 12 | static_cast<std::uint32_t>(c) << 6;
        to[0] = static_cast<char>(v >> 16);
        if (pad == 1) to[1] = static_cast<char>(v >> 8);
    }
    if (all < 0) return std::nullopt;
    return out;
}

std::string hex_encode(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out(bytes.size() * 2, '\0');
    char* to = out.data();
    for (char c : bytes) {
        auto b = static_cast<unsigned char>(c);
        *to++ = digits[b >> 4];
        *to++ = digits[b & 15];
    }
    return out;
}

std::optional<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int a = hex_digit(text[i]), b = hex_digit(text[i + 1]);
        if (a < 0 || b < 0) return std::nullopt;
        out.push_back(static_cast<char>(a << 4 | b));
    }
    return out;
}

std::string percent_encode(std::string_view text, bool keep_slash) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        auto b = static_cast<unsigned char>(c);
        bool plain = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '.' ||
                     b == '_' || b == '~' || (keep_slash && b == '/');
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[b >> 4]);
            out.push_back(digits[b & 15]);
        }
    }
    return out;
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2])));
            i += 2;
        } else if (text[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

bool is_utf8(std::string_view text) {
    auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    std::size_t i = 0, n = text.size();
    while (i < n) {
        unsigned char c = at(i);
        if (c < 0x80) {
            ++i;
            continue;
        }
        std::size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        if (c < 0xC2 || c > 0xF4 || i + more >= n) return false;
        unsigned char d = at(i + 1);
        unsigned char low = 0x80, high = 0xBF;
        if (c == 0xE0) low = 0xA0;
        if (c == 0xED) high = 0x9F;  // surrogates
        if (c == 0xF0) low = 0x90;
        if (c == 0xF4) high = 0x8F;
        if (d < low || d > high) return false;
        for (std::size_t k = 2; k <= more; ++k)
            if ((at(i + k) & 0xC0) != 0x80) return false;
        i += more + 1;
    }
    return true;
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xC0 | c >> 6));
        out.push_back(static_cast<char>(0x80 | (c & 63)));
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xE0 | c >> 12));
        out.push_back(static_cast<char>(0x80 | (c >> 6 & 63)));
        out.push_back(static_cast<char>(0x80 | (c & 63)));
    } else {
        out.push_back(static_cast<char>(0xF0 | c >> 18));
        out.push_back(static_cast<char>(0x80 | (c >> 12 & 63)));
        out.push_back(static_cast<char>(0x80 | (c >> 6 & 63)));
        out.push_back(static_cast<char>(0x80 | (c & 63)));
    }
}

std::size_t utf8_length(std::string_view text) {
    std::size_t n = 0;
    for (char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}

std::array<unsigned char, 16> md5_bytes(std::string_view data) {
    thread_local Digest digest("MD5");
    std::array<unsigned char, 16> out;
    digest(data, out.data());
    return out;
}

std::string md5(std::string_view data) {
    auto bytes = md5_bytes(data);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string sha1(std::string_view data) {
    thread_local Digest digest("SHA1");
    return digest(data);
}

std::string sha256(std::string_view data) {
    thread_local Digest digest("SHA256");
    return digest(data);
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &n);
    return std::string(reinterpret_cast<char*>(out), n);
}

std::uint32_t crc32(std::string_view data, std::uint32_t start) {
    static constexpr FoldConstants constants = fold_constants(0xEDB88320ull, 32);
    auto table = [](std::string_view d, std::uint32_t s) { return static_cast<std::uint32_t>(::crc32_z(s, reinterpret_cast<const unsigned char*>(d.data()), d.size())); };
    const auto folded = fold_crc(data, static_cast<std::uint32_t>(~start), constants);
    if (!folded) return table(data, start);
    return table(folded->rest, table({folded->bytes.data(), folded->bytes.size()}, 0xffffffffu));
}

std::uint32_t crc32c(std::string_view data, std::uint32_t start) {
    std::uint32_t c = ~start;
    for (char ch : data) c = crc32c_table[(c ^ static_cast<unsigned char>(ch)) & 255] ^ (c >> 8);
    return ~c;
}

std::uint64_t hash64(std::string_view data, std::uint64_t seed) {
    std::uint64_t h = 14695981039346656037ull ^ (seed * 0x9E3779B97F4A7C15ull);
    for (char c : data) {
        h ^= static_cast<unsigned char>(c);
        h *= 1099511628211ull;
    }
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdull;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ull;
    h ^= h >> 33;
    return h;
}

std::string to_lower(std::string_view ascii) {
    std::string out(ascii);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

namespace {
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Eight characters at once: the letters A to Z get their bit 0x20, whatever else stays.
std::uint64_t lower(std::uint64_t chars) {
    constexpr std::uint64_t each = 0x0101010101010101;
    const std::uint64_t low = chars & (0x7f * each);
    const std::uint64_t above_z = low + (0x7f - 'Z') * each, from_a = low + (0x80 - 'A') * each;
    return chars | ((~chars & (0x80 * each) & (from_a ^ above_z)) >> 2);
}
}  // namespace

bool starts_with_i(std::string_view text, std::string_view prefix) {
    if (text.size() < prefix.size()) return false;
    const char *a = text.data(), *b = prefix.data(), *end = b + prefix.size();
    for (; end - b >= 8; a += 8, b += 8) {
        std::uint64_t x, y;
        std::memcpy(&x, a, 8);
        std::memcpy(&y, b, 8);
        if (x != y && lower(x) != lower(y)) return false;
    }
    for (; b != end; ++a, ++b)
        if (*a != *b && lower(*a) != lower(*b)) return false;
    return true;
}

}  // namespace virga
