// An HTTP request and its response, whatever the version on the wire.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/cancel.hpp"
#include "emulator/base/stream.hpp"

namespace virga {

class Headers {
public:
    // The first value under `name` (any case), or null.
    const std::string* find(std::string_view name) const;
    std::string_view get(std::string_view name) const;  // "" when missing
    std::vector<std::string_view> all(std::string_view name) const;
    // `name` and `value`: what strings are made of.
    template <class Name, class Text>
    void add(Name&& name, Text&& value) {
        if (fields_.capacity() == 0) fields_.reserve(usual);
        fields_.emplace_back(std::forward<Name>(name), std::forward<Text>(value));
    }
    void set(std::string_view name, std::string value);  // replaces all of that name
    void remove(std::string_view name);
    bool has(std::string_view name) const { return find(name) != nullptr; }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

private:
    static constexpr std::size_t usual = 12;  // most requests and answers of an SDK have no more
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
    std::string method;  // "GET"
    std::string target;  // as sent: "/path?query"
    Headers headers;
    std::shared_ptr<ByteSource> body;  // never null; of size 0 when there is none
    std::string remote;                // "127.0.0.1"
    bool tls = false;
    std::shared_ptr<Cancel> cancel;    // set when the client has gone; null when nobody can tell

    std::string_view path() const;   // raw, before '?'
    std::string_view query() const;  // raw, after '?', "" when none
    std::string_view host() const { return headers.get("host"); }
    // "http://<Host header>", or https.
    std::string endpoint() const;
};

struct HttpResponse {
    int status = 200;
    Headers headers;
    std::string body;                  // used when stream is null
    std::shared_ptr<ByteSource> stream;  // Content-Length when its size() is known, else chunked

    static HttpResponse json(int status, std::string body);
    static HttpResponse text(int status, std::string body);
};

// What an operation may see of HTTP, and headers it adds to the answer that no API model names.
struct HttpExchange {
    const HttpRequest& request;
    mutable Headers extra;
    mutable int status = 0;  // of the answer, when it is none of the model's (206); 0 = the model's
};

// Takes a request, calls `respond` exactly once: at once or later, on any thread.
using Respond = std::function<void(HttpResponse)>;
using HttpHandler = std::function<void(std::shared_ptr<HttpRequest>, Respond)>;

// Query strings and forms: decoded name/value pairs in order. "a&b=" gives {a,""},{b,""}.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

}  // namespace virga
