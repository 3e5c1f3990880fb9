#include "apis/protocol/s3_host.hpp"

#include <cctype>

#include "emulator/base/encoding.hpp"

namespace virga::protocol {

namespace {

bool is_region_label(std::string_view label) {
    return label.size() >= 7 && label[2] == '-' && std::isdigit(static_cast<unsigned char>(label.back()));
}

std::string_view first_label(std::string_view& rest) {
    std::size_t dot = rest.find('.');
    std::string_view label = rest.substr(0, dot);
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
    return label;
}

bool is_base(std::string_view rest) {
    return rest == "localhost" || rest == "localhost.localstack.cloud" || rest == "amazonaws.com" || rest == "amazonaws.com.cn";
}

// Whether `rest` from here on is an S3 endpoint: s3[-fips|-accelerate|-<region>][.dualstack][.<region>].<base>
bool is_endpoint(std::string_view rest) {
    std::string_view label = first_label(rest);
    bool s3 = label == "s3" || label == "s3-fips" || label == "s3-accelerate" || (label.starts_with("s3-") && is_region_label(label.substr(3)));
    if (!s3) return false;
    if (is_base(rest)) return true;
    std::string_view after = rest;
    label = first_label(after);
    if (label == "dualstack") {
        rest = after;
        if (is_base(rest)) return true;
        label = first_label(after);
    }
    return is_region_label(label) && is_base(after);
}

std::string without_port(std::string_view host) { return to_lower(host.substr(0, host.rfind(':') == std::string_view::npos ? host.size() : host.rfind(':'))); }

// Where the endpoint starts in `host`; npos when there is none.
std::size_t endpoint_start(std::string_view host) {
    for (std::size_t at = 0;;) {
        if (is_endpoint(host.substr(at))) return at;
        std::size_t dot = host.find('.', at);
        if (dot == std::string_view::npos) return dot;
        at = dot + 1;
    }
}

}  // namespace

bool is_s3_host(std::string_view host) { return endpoint_start(without_port(host)) != std::string_view::npos; }

std::string s3_bucket_of_host(std::string_view given, bool known_s3) {
    std::string host = without_port(given);
    std::size_t at = endpoint_start(host);
    if (at != std::string::npos) return at == 0 ? std::string() : host.substr(0, at - 1);
    if (!known_s3) return {};
    for (std::string_view base : {".localhost.localstack.cloud", ".localhost"})
        if (host.size() > base.size() && host.ends_with(base)) {
            std::string bucket = host.substr(0, host.size() - base.size());
            return is_region_label(bucket) ? std::string() : bucket;
        }
    return {};
}

}  // namespace virga::protocol
