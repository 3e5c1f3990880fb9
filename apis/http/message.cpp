#include "apis/http/message.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"

namespace virga {

const std::string* Headers::find(std::string_view name) const {
    for (const auto& [n, v] : fields_)
        if (iequals(n, name)) return &v;
    return nullptr;
}

std::string_view Headers::get(std::string_view name) const {
    const std::string* v = find(name);
    return v ? std::string_view(*v) : std::string_view();
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const auto& [n, v] : fields_)
        if (iequals(n, name)) out.push_back(v);
    return out;
}

void Headers::set(std::string_view name, std::string value) {
    remove(name);
    add(name, std::move(value));
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](const auto& f) { return iequals(f.first, name); });
}

std::string_view HttpRequest::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view HttpRequest::query() const {
    std::size_t q = target.find('?');
    return q == std::string::npos ? std::string_view() : std::string_view(target).substr(q + 1);
}

std::string HttpRequest::endpoint() const {
    const std::string_view scheme = tls ? "https://" : "http://", name = host();
    std::string out;
    out.reserve(scheme.size() + name.size());
    return out.append(scheme).append(name);
}

HttpResponse HttpResponse::json(int status, std::string body) {
    HttpResponse r;
    r.status = status;
    r.headers.add("Content-Type", "application/json");
    r.body = std::move(body);
    return r;
}

HttpResponse HttpResponse::text(int status, std::string body) {
    HttpResponse r;
    r.status = status;
    r.headers.add("Content-Type", "text/plain; charset=utf-8");
    r.body = std::move(body);
    return r;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!query.empty()) {
        std::size_t end = std::min(query.find('&'), query.size());
        std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        std::size_t eq = pair.find('=');
        out.emplace_back(percent_decode(pair.substr(0, eq), true), eq == std::string_view::npos ? "" : percent_decode(pair.substr(eq + 1), true));
    }
    return out;
}

}  // namespace virga
