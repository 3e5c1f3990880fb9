// The canonical request of Signature Version 4 (IAM User Guide, "Create a canonical request").
#include <algorithm>

#include "apis/protocol/sigv4.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::protocol {

namespace {

// Dot segments resolved, empty segments dropped; a trailing slash stays.
std::string normalized(std::string_view path) {
    std::vector<std::string_view> kept;
    std::string_view rest = path;
    while (!rest.empty()) {
        std::size_t end = std::min(rest.find('/'), rest.size());
        std::string_view segment = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (segment.empty() || segment == ".") continue;
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else {
            kept.push_back(segment);
        }
    }
    std::string out;
    for (std::string_view s : kept) out.append("/").append(s);
    if (out.empty() || path.ends_with('/')) out += '/';
    return out;
}

// S3 encodes once and leaves the path as it is; all others normalise it and encode what is already encoded.
std::string canonical_path(std::string_view path, bool s3) {
    if (s3) return percent_encode(percent_decode(path), true);
    return percent_encode(normalized(path), true);
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        std::size_t end = std::min(query.find('&'), query.size());
        std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        std::size_t eq = std::min(pair.find('='), pair.size());
        std::string name = percent_encode(percent_decode(pair.substr(0, eq)));
        if (name == "X-Amz-Signature") continue;
        pairs.emplace_back(std::move(name), percent_encode(percent_decode(pair.substr(std::min(eq + 1, pair.size())))));
    }
    std::sort(pairs.begin(), pairs.end());
    std::string out;
    for (const auto& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        out.append(name).append("=").append(value);
    }
    return out;
}

// Trimmed, with every run of blanks as one.
void append_value(std::string& out, std::string_view value) {
    bool blank = false, first = true;
    for (char c : value) {
        if (c == ' ' || c == '\t') {
            blank = true;
            continue;
        }
        if (blank && !first) out += ' ';
        blank = first = false;
        out += c;
    }
}

}  // namespace

std::string canonical_request(const HttpRequest& request, const SignatureParts& parts, std::string_view payload_hash, std::string_view host) {
    std::string out = request.method;
    out.append("\n").append(canonical_path(request.path(), parts.service == "s3"));
    out.append("\n").append(canonical_query(request.query())).append("\n");
    std::string names;
    for (const std::string& name : parts.signed_headers) {
        names.append(names.empty() ? "" : ";").append(name);
        out.append(name).append(":");
        bool first = true;
        auto values = request.headers.all(name);
        if (name == "host") values.assign(1, host);
        for (std::string_view value : values) {
            if (!first) out += ',';
            first = false;
            append_value(out, value);
        }
        out += '\n';
    }
    return out.append("\n").append(names).append("\n").append(payload_hash);
}

}  // namespace virga::protocol
