#include "apis/s3/cors.hpp"

#include <algorithm>

#include "apis/protocol/s3_host.hpp"
#include "apis/protocol/wire.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/wildcard_match.hpp"

namespace virga::s3 {

using namespace object;

namespace {

constexpr std::string_view not_allowed =
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or "
    "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

std::vector<std::string> split_names(std::string_view header) {
    std::vector<std::string> names;
    while (!header.empty()) {
        std::size_t end = std::min(header.find(','), header.size());
        std::string_view one = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (!one.empty()) names.push_back(to_lower(one));
    }
    return names;
}

std::string joined(const Array& values) {
    std::string out;
    for (const Value& v : values) out += (out.empty() ? "" : ", ") + v.as_string();
    return out;
}

struct CorsRequest {
    std::string_view origin, method;
    std::vector<std::string> headers;  // lower case
};

struct Fit {
    Value rule;
    bool any_origin = false;
};

std::optional<Fit> find_rule(const Value& configuration, const CorsRequest& r) {
    for (const Value& rule : configuration.list("CORSRules")) {
        const Array& methods = rule.list("AllowedMethods");
        if (std::none_of(methods.begin(), methods.end(), [&](const Value& m) { return m.as_string() == r.method; })) continue;
        const Array& origins = rule.list("AllowedOrigins");
        auto origin = std::find_if(origins.begin(), origins.end(), [&](const Value& o) { return wildcard_match(o.as_string(), r.origin); });
        if (origin == origins.end()) continue;
        const Array& allowed = rule.list("AllowedHeaders");
        bool headers = std::all_of(r.headers.begin(), r.headers.end(), [&](const std::string& name) {
            return std::any_of(allowed.begin(), allowed.end(), [&](const Value& a) { return wildcard_match(to_lower(a.as_string()), name); });
        });
        if (headers) return Fit{rule, origin->as_string() == "*"};
    }
    return std::nullopt;
}

void add_rule(Headers& to, const CorsRequest& r, const Fit& fit) {
    to.set("Access-Control-Allow-Origin", fit.any_origin ? "*" : std::string(r.origin));
    to.set("Access-Control-Allow-Methods", joined(fit.rule.list("AllowedMethods")));
    std::string headers;
    for (const std::string& name : r.headers) headers += (headers.empty() ? "" : ", ") + name;
    if (!headers.empty()) to.set("Access-Control-Allow-Headers", headers);
    if (std::string exposed = joined(fit.rule.list("ExposeHeaders")); !exposed.empty()) to.set("Access-Control-Expose-Headers", exposed);
    if (fit.rule.has("MaxAgeSeconds")) to.set("Access-Control-Max-Age", std::to_string(fit.rule.integer("MaxAgeSeconds")));
    if (!fit.any_origin) to.set("Access-Control-Allow-Credentials", "true");
    to.set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}

// The bucket's rules; nothing when it has none. Throws NoSuchBucket.
std::optional<Value> rules_of(World& world, const std::string& bucket) {
    auto partition = partition_of_bucket(world, bucket);
    Reading reading = partition->read();
    auto stored = find_config(reading.db(), require_bucket(reading.db(), bucket).id, "cors");
    if (!stored) return std::nullopt;
    return json::parse(*stored);
}

struct Place {
    std::string bucket;
    bool object = false;
};
Place place_of(const HttpRequest& r) {
    std::string bucket = protocol::s3_bucket_of_host(r.host(), true);
    std::string_view path = r.path();
    if (path.starts_with('/')) path.remove_prefix(1);
    if (!bucket.empty()) return {bucket, !path.empty()};
    std::size_t slash = std::min(path.find('/'), path.size());
    return {percent_decode(path.substr(0, slash)), slash + 1 < path.size()};
}

ApiError refused(std::string_view message, const CorsRequest& r, bool object) {
    return errors::cors_forbidden(message, r.method, object ? "OBJECT" : "BUCKET");
}

void answer_preflight(World& world, const HttpRequest& request, Headers& headers) {
    Place place = place_of(request);
    CorsRequest r{request.headers.get("origin"), request.headers.get("access-control-request-method"), split_names(request.headers.get("access-control-request-headers"))};
    if (r.origin.empty()) throw errors::bad_preflight("Insufficient information. Origin request header needed.");
    if (r.method != "GET" && r.method != "PUT" && r.method != "POST" && r.method != "DELETE" && r.method != "HEAD")
        throw errors::bad_preflight("Invalid Access-Control-Request-Method: " + (r.method.empty() ? std::string("null") : std::string(r.method)));
    std::optional<Value> rules;
    try {
        rules = rules_of(world, place.bucket);
    } catch (const ApiError&) {
        throw refused("CORSResponse: Bucket not found", r, place.object);
    }
    if (!rules) throw refused("CORSResponse: CORS is not enabled for this bucket.", r, place.object);
    auto fit = find_rule(*rules, r);
    if (!fit) throw refused(not_allowed, r, place.object);
    add_rule(headers, r, *fit);
}

}  // namespace

void add_cors_headers(const Context& ctx, const Value& input) {
    add_cors_headers(ctx.world, ctx.call.http->request, std::string(input.text("Bucket")), ctx.call.http->extra);
}

void add_cors_headers(World& world, const HttpRequest& request, const std::string& bucket, Headers& to) {
    std::string_view origin = request.headers.get("origin");
    if (origin.empty() || bucket.empty()) return;
    try {
        auto rules = rules_of(world, bucket);
        // Who names a method to ask about is answered about that one.
        std::string_view asked = request.headers.get("access-control-request-method");
        CorsRequest r{origin, asked.empty() ? std::string_view(request.method) : asked, {}};
        if (auto fit = rules ? find_rule(*rules, r) : std::nullopt) add_rule(to, r, *fit);
    } catch (const ApiError&) {
        // No bucket, no rules; the operation says what is wrong.
    }
}

HttpRoute preflight_route(World& world, const model::Service& service) {
    // An OPTIONS that names no bucket is some other API's.
    auto matches = [&world](const HttpRequest& r) {
        if (r.method != "OPTIONS") return false;
        return protocol::is_s3_host(r.host()) || world.directory->find("bucket", place_of(r).bucket).has_value();
    };
    auto handle = [&world, &service](std::shared_ptr<HttpRequest> request, Respond respond) {
        std::string id = world.random.derive(0, request->target).text(16, "0123456789ABCDEF");
        protocol::WireRequest wire;
        wire.service = &service;
        wire.protocol = model::Protocol::rest_xml;
        HttpResponse response;
        Headers headers;
        try {
            answer_preflight(world, *request, headers);
            for (const auto& [name, value] : headers) response.headers.add(name, value);
            response.headers.add("x-amz-request-id", id);
            response.headers.add("x-amz-id-2", base64_encode(sha256(id)));
        } catch (const ApiError& e) {
            response = protocol::encode_error(wire, e, id, {});
        }
        respond(std::move(response));
    };
    return {"s3-preflight", matches, handle};
}

}  // namespace virga::s3
