#include "emulator/queue/receipt_handle.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::queue {

namespace {

// 01 | queue | message | receive | check, each 8 bytes big-endian, in base64. The check makes a mistyped handle invalid instead of foreign.
constexpr char version = 1;
constexpr std::size_t length = 33;
constexpr std::uint64_t check_seed = 0x5157;

void append_u64(std::string& out, std::uint64_t n) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift & 255));
}

std::uint64_t read_u64(std::string_view bytes) {
    std::uint64_t n = 0;
    for (char c : bytes.substr(0, 8)) n = n << 8 | static_cast<unsigned char>(c);
    return n;
}

}  // namespace

std::string write_receipt(const Receipt& receipt) {
    std::string bytes(1, version);
    append_u64(bytes, static_cast<std::uint64_t>(receipt.queue));
    append_u64(bytes, static_cast<std::uint64_t>(receipt.message));
    append_u64(bytes, static_cast<std::uint64_t>(receipt.receive));
    append_u64(bytes, hash64(bytes, check_seed));
    return base64_encode(bytes);
}

std::optional<Receipt> read_receipt(std::string_view handle) {
    auto bytes = base64_decode(handle);
    if (!bytes || bytes->size() != length || (*bytes)[0] != version) return std::nullopt;
    std::string_view b = *bytes;
    if (read_u64(b.substr(25)) != hash64(b.substr(0, 25), check_seed)) return std::nullopt;
    return Receipt{static_cast<std::int64_t>(read_u64(b.substr(1))), static_cast<std::int64_t>(read_u64(b.substr(9))),
                   static_cast<std::int64_t>(read_u64(b.substr(17)))};
}

}  // namespace virga::queue
