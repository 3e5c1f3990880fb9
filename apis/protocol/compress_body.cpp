#include <charconv>

#include "apis/protocol/codecs.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"

namespace virga::protocol {

namespace {

constexpr std::size_t small_body = 4096;  // stays as it is (observed)

// The weight of one element: "gzip;q=0.5" -> 0.5; without one 1.
double weight_of(std::string_view element) {
    const auto at = element.find("q=");
    double weight = 1;
    if (at != std::string_view::npos) std::from_chars(element.data() + at + 2, element.data() + element.size(), weight);
    return weight;
}

// How much a client wants a coding; 0 = not at all. "*" stands for those that are not named.
double wanted(std::string_view header, std::string_view coding) {
    double others = 0;
    while (!header.empty()) {
        const auto comma = header.find(',');
        const std::string_view element = header.substr(0, comma);
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
        const std::string_view name = trimmed(element.substr(0, element.find(';')));
        if (iequals(name, coding)) return weight_of(element);
        if (name == "*") others = weight_of(element);
    }
    return others;
}

}  // namespace

void compress_body(std::string_view accept_encoding, HttpResponse& response) {
    if (accept_encoding.empty() || response.body.size() <= small_body) return;
    const double gzipped = wanted(accept_encoding, "gzip"), deflated = wanted(accept_encoding, "deflate");
    if (gzipped <= 0 && deflated <= 0) return;
    response.body = gzipped >= deflated ? gzip(response.body) : deflate_zlib(response.body);
    response.headers.set("Content-Encoding", gzipped >= deflated ? "gzip" : "deflate");
}

}  // namespace virga::protocol
