#include "apis/apigateway/address.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::apigateway {
namespace {

// Takes the first segment of "/a/b": gives "a", leaves "/b" (or "").
std::string take_segment(std::string_view& path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    std::size_t end = std::min(path.find('/'), path.size());
    std::string out(path.substr(0, end));
    path.remove_prefix(end);
    return out;
}

std::string rest_of(std::string_view path) { return path.empty() ? "/" : std::string(path); }

std::optional<Address> by_host(std::string_view host, std::string_view path) {
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos || dot == 0 || !starts_with_i(host.substr(dot), ".execute-api.")) return {};
    const std::string name = to_lower(host.substr(0, host.find(':')));
    Address out{name.substr(0, dot), "", "", name};
    if (std::size_t endpoint = out.api.find("-vpce-"); endpoint != std::string::npos) out.api.resize(endpoint);
    out.stage = take_segment(path);
    out.path = rest_of(path);
    return out;
}

}  // namespace

std::optional<Address> read_address(std::string_view host, std::string_view path) {
    if (auto found = by_host(host, path)) return found;
    constexpr std::string_view rest = "/restapis/", any = "/_aws/execute-api/";
    Address out;
    if (path.starts_with(any)) {
        path.remove_prefix(any.size() - 1);
        out.api = take_segment(path);
        out.stage = take_segment(path);
    } else if (path.starts_with(rest)) {
        path.remove_prefix(rest.size() - 1);
        out.api = take_segment(path);
        out.stage = take_segment(path);
        if (take_segment(path) != "_user_request_") return {};
    } else {
        return {};
    }
    if (out.api.empty()) return {};
    out.path = rest_of(path);
    out.domain_name = out.api + ".execute-api.localhost";
    return out;
}

}  // namespace virga::apigateway
