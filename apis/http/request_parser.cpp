#include "apis/http/request_parser.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

constexpr std::array<bool, 256> token_characters = [] {
    std::array<bool, 256> out{};
    for (char c = '0'; c <= '9'; ++c) out[static_cast<unsigned char>(c)] = true;
    for (char c = 'a'; c <= 'z'; ++c) out[static_cast<unsigned char>(c)] = out[static_cast<unsigned char>(c - 'a' + 'A')] = true;
    for (char c : std::string_view("!#$%&'*+-.^_`|~")) out[static_cast<unsigned char>(c)] = true;
    return out;
}();

// A run of bytes from the front of what is left.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
    const char* at() const { return at_; }

    std::string_view token() {
        const char* from = at_;
        while (at_ != end_ && token_characters[static_cast<unsigned char>(*at_)]) ++at_;
        return since(from);
    }
    // ASCII without blanks and controls.
    std::string_view visible() {
        const char* from = at_;
        while (at_ != end_ && *at_ > ' ' && *at_ < 0x7f) ++at_;
        return since(from);
    }
    // ASCII without controls, tabs aside.
    std::string_view text() {
        const char* from = at_;
        for (std::uint64_t eight; end_ - at_ >= 8; at_ += 8) {
            std::memcpy(&eight, at_, 8);
            if (breaks_run(eight)) break;
        }
        while (at_ != end_ && ((*at_ >= ' ' && *at_ < 0x7f) || *at_ == '\t')) ++at_;
        return since(from);
    }
    bool skip(std::string_view what) {
        if (static_cast<std::size_t>(end_ - at_) < what.size() || std::memcmp(at_, what.data(), what.size()) != 0) return false;
        at_ += what.size();
        return true;
    }

private:
    std::string_view since(const char* from) const { return {from, static_cast<std::size_t>(at_ - from)}; }
    // Whether among eight bytes may be a control or one beyond ASCII.
    static bool breaks_run(std::uint64_t bytes) {
        constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
        const std::uint64_t below_space = bytes - ones * ' ', del = (bytes ^ (ones * 0x7f)) - ones;
        return ((below_space | del | bytes) & tops) != 0;
    }

    const char* at_;
    const char* end_;
};

}  // namespace

std::size_t RequestParser::put(boost::asio::const_buffer bytes, boost::beast::error_code& ec) {
    if (plain_) return 0;
    if (!full_) {
        if (std::size_t taken = take_plain({static_cast<const char*>(bytes.data()), bytes.size()})) {
            plain_ = true;
            return taken;
        }
        request_.headers = {};
        length_.reset();
        full_.emplace(request_, header_limit_);
    }
    return full_->put(bytes, ec);
}

std::optional<std::uint64_t> RequestParser::content_length() const {
    if (plain_) return length_;
    auto length = full_ ? full_->content_length() : boost::none;
    return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

std::size_t RequestParser::take_plain(std::string_view bytes) {
    bytes = bytes.substr(0, header_limit_);
    Cursor in(bytes);
    const std::string_view method = in.token();
    if (method.empty() || !in.skip(" ")) return 0;
    const std::string_view target = in.visible();
    if (target.empty() || !in.skip(" HTTP/1.1\r\n")) return 0;
    while (!in.skip("\r\n")) {
        const std::string_view name = in.token();
        if (name.empty() || !in.skip(":")) return 0;  // a folded line begins with a blank
        const std::string_view value = trimmed(in.text());
        if (!in.skip("\r\n") || !take_plain_field(name, value)) return 0;
    }
    request_.method.assign(method);
    request_.target.assign(target);
    return static_cast<std::size_t>(in.at() - bytes.data());
}

// Adds the field. False for those that say how the message is framed or the connection goes on, unless they say what is usual.
bool RequestParser::take_plain_field(std::string_view name, std::string_view value) {
    switch (name.size()) {
        case 6:
            if (iequals(name, "expect")) return false;
            break;
        case 7:
            if (iequals(name, "upgrade")) return false;
            break;
        case 10:
            if (iequals(name, "connection") && !iequals(value, "keep-alive")) return false;
            break;
        case 14:
            if (iequals(name, "content-length")) {
                std::uint64_t length = 0;
                const char* end = value.data() + value.size();
                auto [at, error] = std::from_chars(value.data(), end, length);
                if (length_ || value.empty() || at != end || error != std::errc()) return false;
                length_ = length;
            }
            break;
        case 16:
            if (iequals(name, "proxy-connection")) return false;
            break;
        case 17:
            if (iequals(name, "transfer-encoding")) return false;
            break;
        default: break;
    }
    request_.headers.add(name, value);
    return true;
}

}  // namespace virga
