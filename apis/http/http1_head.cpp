#include "apis/http/http1_head.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <charconv>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

void append_number(std::string& out, std::uint64_t n) {
    char digits[24];
    auto r = std::to_chars(digits, digits + sizeof digits, n);
    out.append(digits, r.ptr);
}

bool breaks_line(char c) { return c == '\r' || c == '\n'; }

}  // namespace

void write_head(std::string& out, const HttpResponse& response, std::optional<std::uint64_t> length, bool keep_alive) {
    bool body_allowed = may_have_body(response.status);
    auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
    std::size_t room = 128;
    for (const auto& [name, value] : response.headers) room += name.size() + value.size() + 4;
    out.clear();
    out.reserve(room);
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(response.status));
    out += ' ';
    out.append(reason.data(), reason.size());
    out += "\r\n";
    bool has_length = false;
    for (const auto& [name, value] : response.headers) {
        if (iequals(name, "content-length")) has_length = true;
        out += name;
        out += ": ";
        const std::size_t begin = out.size();
        out += value;
        if (value.find('\r') != std::string::npos || value.find('\n') != std::string::npos)
            std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), breaks_line, ' ');
        out += "\r\n";
    }
    if (body_allowed && !length) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (body_allowed && !has_length) {
        out += "Content-Length: ";
        append_number(out, *length);
        out += "\r\n";
    }
    out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
}

}  // namespace virga
