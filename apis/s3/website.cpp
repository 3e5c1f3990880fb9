#include "apis/s3/website.hpp"

#include <fmt/format.h>

#include <charconv>

#include "apis/s3/access.hpp"
#include "apis/s3/conditions.hpp"
#include "apis/s3/ranges.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::s3 {

using namespace object;

namespace {

struct Site {
    World& world;
    const HttpRequest& request;
    std::shared_ptr<Partition> partition;
    Bucket bucket;
    Value configuration;
    std::string key;  // decoded, without the first slash
};

std::string_view reason_of(int status) {
    switch (status) {
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 412: return "Precondition Failed";
        case 416: return "Requested Range Not Satisfiable";
        default: return "Error";
    }
}

std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '&') out += "&amp;";
        else out += c;
    }
    return out;
}

HttpResponse html_error(const ApiError& e, const std::string& request_id) {
    HttpResponse r;
    r.status = e.status;
    r.headers.add("Content-Type", "text/html; charset=utf-8");
    r.headers.add("x-amz-error-code", e.code);
    r.headers.add("x-amz-error-message", e.message);
    std::string title = fmt::format("{} {}", e.status, reason_of(e.status));
    r.body = fmt::format("<html>\n<head><title>{}</title></head>\n<body>\n<h1>{}</h1>\n<ul>\n<li>Code: {}</li>\n<li>Message: {}</li>\n", title, title, escaped(e.code), escaped(e.message));
    for (const auto& [name, value] : e.fields) {
        std::string text = value.is_string() ? value.as_string() : json::write(value);
        r.headers.add("x-amz-error-detail-" + name, percent_encode(text, true));
        r.body += fmt::format("<li>{}: {}</li>\n", name, escaped(text));
    }
    r.body += fmt::format("<li>RequestId: {}</li>\n<li>HostId: {}</li>\n</ul>\n<hr/>\n</body>\n</html>\n", request_id, base64_encode(sha256(request_id)));
    return r;
}

HttpResponse redirect(int status, std::string location) {
    HttpResponse r;
    r.status = status;
    r.headers.add("Location", std::move(location));
    return r;
}

std::optional<Version> find_object(const Site& site, const std::string& key) {
    if (key.empty()) return std::nullopt;
    Reading reading = site.partition->read();
    auto v = find_current(reading.db(), site.bucket.id, key);
    if (v && v->delete_marker) return std::nullopt;
    return v;
}

// Everything about the object that a browser gets to see.
void add_object_headers(HttpResponse& r, const Site& site, const Version& v) {
    constexpr std::pair<std::string_view, const char*> names[] = {{"ContentType", "Content-Type"}, {"CacheControl", "Cache-Control"},
                                                                  {"ContentDisposition", "Content-Disposition"}, {"ContentEncoding", "Content-Encoding"},
                                                                  {"ContentLanguage", "Content-Language"}, {"Expires", "Expires"}};
    for (const auto& [member, name] : names)
        if (const Value* value = v.attributes.find(member); value && value->is_string()) r.headers.add(name, value->as_string());
    if (const Value* metadata = v.attributes.find("Metadata"))
        for (const auto& [name, value] : metadata->as_object()) r.headers.add("x-amz-meta-" + name, value.as_string());
    r.headers.add("ETag", quoted(v.etag));
    r.headers.add("Last-Modified", http_date(v.modified));
    if (site.bucket.versioning != Versioning::never) r.headers.add("x-amz-version-id", v.version_id);
}

HttpResponse serve_object(const Site& site, const Version& v, int status) {
    HttpResponse r;
    if (const Value* to = v.attributes.find("WebsiteRedirectLocation")) return redirect(301, to->as_string());
    const Headers& h = site.request.headers;
    if (status == 200) {
        ReadDecision decision = decide({h.get("if-match"), h.get("if-none-match"), h.get("if-modified-since"), h.get("if-unmodified-since")}, v.etag, v.modified, site.world.clock.now());
        if (decision.outcome == ReadOutcome::failed) throw errors::precondition_failed(decision.condition);
        if (decision.outcome == ReadOutcome::not_modified) status = 304;
    }
    r.status = status;
    add_object_headers(r, site, v);
    if (status == 304) return r;
    std::uint64_t first = 0, length = v.size;
    if (auto range = status == 200 ? parse_range(h.get("range"), v.size) : std::nullopt) {
        first = range->first;
        length = range->length;
        r.status = 206;
        r.headers.add("Content-Range", fmt::format("bytes {}-{}/{}", first, first + length - 1, v.size));
    }
    if (site.request.method == "HEAD") {
        r.headers.add("Content-Length", std::to_string(length));
        return r;
    }
    BodyFiles& files = body_files(*site.partition);
    std::vector<Segment> segments;
    {
        Reading reading = site.partition->read();
        segments = open_version(reading.db(), files, v);
    }
    r.stream = std::make_shared<SegmentsSource>(std::move(segments), first, length, site.partition);
    return r;
}

bool condition_holds(const Value& condition, std::string_view key, int error) {
    std::string_view code = condition.text("HttpErrorCodeReturnedEquals");
    if (code.empty() ? error != 0 : code != std::to_string(error)) return false;
    return key.starts_with(condition.text("KeyPrefixEquals"));
}

std::string scheme_of(const Site& site) { return site.request.tls ? "https" : "http"; }

// The first rule that fits; those about errors are asked after the object was looked for, the others before.
std::optional<HttpResponse> routed(const Site& site, int error) {
    for (const Value& rule : site.configuration.list("RoutingRules")) {
        const Value& condition = rule["Condition"];
        if (!condition_holds(condition, site.key, error)) continue;
        const Value& to = rule["Redirect"];
        std::string key = site.key;
        if (to.has("ReplaceKeyWith")) key = to.text("ReplaceKeyWith");
        else if (to.has("ReplaceKeyPrefixWith")) key = std::string(to.text("ReplaceKeyPrefixWith")) + key.substr(condition.text("KeyPrefixEquals").size());
        int status = 301;
        std::string_view code = to.text("HttpRedirectCode");
        std::from_chars(code.data(), code.data() + code.size(), status);
        std::string host(to.text("HostName", site.request.host()));
        return redirect(status, fmt::format("{}://{}/{}", to.text("Protocol", scheme_of(site)), host, percent_encode(key, true)));
    }
    return std::nullopt;
}

HttpResponse serve_error(const Site& site, const ApiError& error, const std::string& request_id) {
    if (auto elsewhere = routed(site, error.status)) return std::move(*elsewhere);
    std::string document(site.configuration["ErrorDocument"].text("Key"));
    if (auto v = find_object(site, document); v && public_may_read(site.world, *site.partition, site.bucket.name, document)) {
        HttpResponse r = serve_object(site, *v, error.status);
        r.headers.add("x-amz-error-code", error.code);
        r.headers.add("x-amz-error-message", error.message);
        return r;
    }
    return html_error(error, request_id);
}

HttpResponse serve_key(const Site& site, const std::string& request_id) {
    std::string suffix(site.configuration["IndexDocument"].text("Suffix"));
    std::string key = site.key;
    if (key.empty() || key.ends_with('/')) key += suffix;
    if (!public_may_read(site.world, *site.partition, site.bucket.name, key)) return serve_error(site, errors::access_denied(), request_id);
    try {
        if (auto v = find_object(site, key)) return serve_object(site, *v, 200);
        if (key == site.key && find_object(site, key + "/" + suffix)) return redirect(302, "/" + percent_encode(key, true) + "/");
        return serve_error(site, errors::no_such_key(key), request_id);
    } catch (const ApiError& e) {
        return serve_error(site, e, request_id);
    }
}

HttpResponse serve(World& world, const HttpRequest& request, const std::string& request_id) {
    if (request.method != "GET" && request.method != "HEAD")
        throw errors::method_not_allowed(request.method, "OBJECT");
    std::string name = website_bucket(request.host());
    auto partition = partition_of_bucket(world, name);
    Site site{world, request, partition, {}, {}, {}};
    {
        Reading reading = partition->read();
        site.bucket = require_bucket(reading.db(), name);
        auto stored = find_config(reading.db(), site.bucket.id, "website");
        if (!stored) throw errors::absent_configuration("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", name);
        site.configuration = json::parse(*stored);
    }
    std::string_view path = request.path();
    if (path.starts_with('/')) path.remove_prefix(1);
    site.key = percent_decode(path);
    if (const Value& all = site.configuration["RedirectAllRequestsTo"]; all.is_object())
        return redirect(301, fmt::format("{}://{}{}", all.text("Protocol", scheme_of(site)), all.text("HostName"), request.target));
    if (auto elsewhere = routed(site, 0)) return std::move(*elsewhere);
    return serve_key(site, request_id);
}

}  // namespace

std::string website_bucket(std::string_view given) {
    if (given.find('-') == std::string_view::npos) return {};  // every request is asked
    std::string host = to_lower(given.substr(0, given.find(':')));
    std::size_t at = host.find(".s3-website");
    if (at == std::string::npos || at == 0) return {};
    std::size_t after = at + std::string_view(".s3-website").size();
    if (after >= host.size() || (host[after] != '.' && host[after] != '-')) return {};
    return host.substr(0, at);
}

HttpRoute website_route(World& world) {
    auto matches = [](const HttpRequest& r) { return !website_bucket(r.host()).empty(); };
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) {
        std::string id = world.random.derive(0, request->target).text(16, "0123456789ABCDEF");
        HttpResponse response;
        try {
            response = serve(world, *request, id);
        } catch (const ApiError& e) {
            response = html_error(e, id);
        }
        response.headers.set("x-amz-request-id", id);
        response.headers.set("x-amz-id-2", base64_encode(sha256(id)));
        if (request->method == "HEAD") response.body.clear();
        respond(std::move(response));
    };
    return {"s3-website", matches, handle};
}

}  // namespace virga::s3
