// Which service, operation, account and region a request means.
#include <algorithm>
#include <array>

#include "apis/protocol/rest_routes.hpp"
#include "apis/protocol/s3_host.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::protocol {

using model::Protocol;
using model::Service;
using Services = std::span<const Service* const>;

namespace {

// What identify looks at, found in one pass over the headers.
struct Head {
    std::string_view target, authorization, content_type, host, query_mode, token, smithy, region_set, accept_encoding;
};

Head read_head(const Headers& headers) {
    Head h;
    for (const auto& [name, value] : headers) {
        switch (name.size()) {
            case 4: if (iequals(name, "host")) h.host = value; break;
            case 12:
                if (iequals(name, "x-amz-target")) h.target = value;
                else if (iequals(name, "content-type")) h.content_type = value;
                break;
            case 13: if (iequals(name, "authorization")) h.authorization = value; break;
            case 15:
                if (iequals(name, "smithy-protocol")) h.smithy = value;
                else if (iequals(name, "accept-encoding")) h.accept_encoding = value;
                break;
            case 16: if (iequals(name, "x-amz-region-set")) h.region_set = value; break;
            case 17: if (iequals(name, "x-amzn-query-mode")) h.query_mode = value; break;
            case 20: if (iequals(name, "x-amz-security-token")) h.token = value; break;
            default: break;
        }
    }
    return h;
}

bool is_account(std::string_view key) {
    return key.size() == 12 && std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "AKID/20260102/us-east-1/dynamodb/aws4_request"; SigV4A has no region: "AKID/20260102/s3/aws4_request".
void take_credential(WireRequest& wire, std::string_view credential, bool multi_region) {
    wire.has_credential = true;
    std::array<std::string_view, 4> scope;
    std::size_t parts = multi_region ? 3 : 4;
    for (std::size_t i = parts; i-- > 0;) {
        std::size_t slash = credential.rfind('/');
        if (slash == std::string_view::npos) break;
        scope[i] = credential.substr(slash + 1);
        credential = credential.substr(0, slash);
    }
    wire.access_key = credential;
    wire.scope_service = scope[parts - 2];
    if (!multi_region && !scope[1].empty()) wire.region = scope[1];
    wire.account = account_of_access_key(wire.access_key);
}

void read_credential(WireRequest& wire, const HttpRequest& request, const Head& head) {
    std::string_view auth = head.authorization;
    if (auth.starts_with("AWS4-")) {
        std::size_t at = auth.find("Credential=");
        if (at != std::string_view::npos) {
            std::string_view credential = auth.substr(at + 11);
            credential = credential.substr(0, std::min(credential.find(','), credential.find(' ')));
            take_credential(wire, credential, auth.starts_with("AWS4-ECDSA"));
        }
        wire.session_token = head.token;
    } else if (auth.starts_with("AWS ")) {  // the signature of S3 before version 4
        wire.has_credential = true;
        wire.access_key = auth.substr(4, auth.find(':') == std::string_view::npos ? auth.size() : auth.find(':') - 4);
        wire.account = account_of_access_key(wire.access_key);
        wire.scope_service = "s3";
    }
    std::string_view query = request.query();
    if (!wire.has_credential && (query.find("X-Amz-") != std::string_view::npos || query.find("AWSAccessKeyId=") != std::string_view::npos)) {
        bool multi_region = query.find("X-Amz-Algorithm=AWS4-ECDSA") != std::string_view::npos;
        for (const auto& [name, value] : parse_query(query)) {
            if (name == "X-Amz-Credential") {
                take_credential(wire, value, multi_region);
                wire.presigned = true;
            } else if (name == "X-Amz-Security-Token") {
                wire.session_token = value;
            } else if (name == "AWSAccessKeyId") {  // version 2: of S3, or of a Query call, which its Action tells
                wire.has_credential = wire.presigned = true;
                wire.access_key = value;
                wire.account = account_of_access_key(value);
                if (query.find("Action=") == std::string_view::npos) wire.scope_service = "s3";
            }
        }
    }
    if (wire.has_credential && !head.region_set.empty()) {
        std::string_view first = head.region_set.substr(0, head.region_set.find(','));
        if (first.find('*') == std::string_view::npos) wire.region = first;
    }
}

const Service* by_signing_name(Services services, std::string_view name) {
    for (const Service* s : services)
        if (s->signing_name() == name) return s;
    return nullptr;
}

// "dynamodb.us-east-1.amazonaws.com", "123.ddb.eu-west-1...", "eu-west-1.queue...", "sqs.localhost". Region is set when the host names one
// and no credential does.
const Service* by_host(Services services, std::string_view host, WireRequest& wire) {
    host = host.substr(0, host.find(':'));
    if (host.empty() || std::isdigit(static_cast<unsigned char>(host.back()))) return nullptr;
    const Service* found = nullptr;
    for (std::string_view rest = host; !rest.empty() && !found;) {
        for (const Service* s : services) {
            std::string_view prefix = s->endpoint_prefix();
            bool fits = starts_with_i(rest, prefix) && (rest.substr(prefix.size()).starts_with('.') || starts_with_i(rest.substr(prefix.size()), "-fips."));
            if (fits && (!found || prefix.size() > found->endpoint_prefix().size())) found = s;
        }
        std::string_view label = rest.substr(0, rest.find('.'));
        auto named = [&](std::string_view alias, std::string_view id) {
            if (!found && label == alias)
                for (const Service* s : services)
                    if (s->id() == id) found = s;
        };
        named("ddb", "dynamodb");
        named("streams-ddb", "streams.dynamodb");
        named("control-kinesis", "kinesis");
        named("data-kinesis", "kinesis");
        named("queue", "sqs");
        rest.remove_prefix(std::min(label.size() + 1, rest.size()));
    }
    if (found && !wire.has_credential)
        for (std::string_view rest = host; !rest.empty();) {
            std::string_view label = rest.substr(0, rest.find('.'));
            if (is_region(label)) wire.region = label;
            rest.remove_prefix(std::min(label.size() + 1, rest.size()));
        }
    return found;
}

void set_operation(WireRequest& wire, std::string_view name) {
    wire.operation_name = name;
    if (wire.service) wire.operation = wire.service->find(name);
}

// A query service by Action and Version; the version is a tie-breaker.
const Service* by_action(Services services, std::string_view action, std::string_view version) {
    const Service* found = nullptr;
    for (const Service* s : services) {
        if (!s->accepts(Protocol::query)) continue;
        if (!version.empty() && s->api_version() != version) continue;
        if (s->find(action)) return s;
        if (!version.empty()) found = s;
    }
    return found;
}

void take_action(WireRequest& wire, std::string_view parameters, Services services) {
    std::string action, version;
    for (auto& [name, value] : parse_query(parameters)) {
        if (name == "Action") action = std::move(value);
        else if (name == "Version") version = std::move(value);
    }
    if (action.empty()) return;
    if (!wire.service && wire.scope_service.empty()) wire.service = by_action(services, action, version);
    wire.protocol = Protocol::query;
    set_operation(wire, action);
}

void route(WireRequest& wire, const HttpRequest& request) {
    wire.protocol = wire.service->protocol();
    std::string path(request.path());
    if (!path.starts_with('/')) path.insert(0, "/");
    if (!wire.bucket_from_host.empty()) path = "/" + percent_encode(wire.bucket_from_host) + path;
    RestRoute found = route_rest(*wire.service, request.method, path, request.query(), request.headers);
    wire.operation = found.operation;
    wire.labels = std::move(found.labels);
    if (found.operation) wire.operation_name = found.operation.name();
}

// /2015-03-31/functions: a dated path is Lambda's.
bool is_dated(std::string_view path) {
    return path.size() > 11 && path[0] == '/' && path[1] == '2' && path[5] == '-' && path[8] == '-' && path[11] == '/';
}

const Service* by_path(Services services, const HttpRequest& request) {
    auto find = [&](std::string_view id) {
        auto it = std::find_if(services.begin(), services.end(), [&](const Service* s) { return s->id() == id; });
        return it == services.end() ? nullptr : *it;
    };
    std::string_view path = request.path();
    if (is_dated(path)) return find("lambda");
    for (std::string_view root : {"/restapis", "/apikeys", "/usageplans", "/domainnames", "/vpclinks", "/clientcertificates"})
        if (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/')) return find("apigateway");
    if (request.method == "POST" && path == "/") return nullptr;
    return find("s3");
}

void take_target(WireRequest& wire, std::string_view target, Services services) {
    std::size_t dot = target.rfind('.');
    if (dot != std::string_view::npos && dot != 0)
        for (const Service* s : services)
            if (s->has_target_prefix(target.substr(0, dot))) {
                wire.service = s;
                break;
            }
    wire.protocol = wire.service ? wire.service->protocol() : Protocol::json_1_0;
    set_operation(wire, target.substr(dot == std::string_view::npos ? 0 : dot + 1));
}

// /service/GraniteServiceVersion20100801/operation/PutMetricData
bool take_rpc_path(WireRequest& wire, std::string_view path, Services services) {
    std::size_t at = path.find("/service/"), op = path.find("/operation/");
    if (at == std::string_view::npos || op == std::string_view::npos || op < at) return false;
    std::string_view name = path.substr(at + 9, op - at - 9);
    for (const Service* s : services)
        if (s->target_prefix() == name || s->service_id() == name) wire.service = s;
    wire.protocol = Protocol::rpc_v2_cbor;
    set_operation(wire, path.substr(op + 11));
    return true;
}

// Front ends that look at method and type first (observed).
bool is_strict(const Service& s) { return s.id() == "dynamodb" || s.id() == "streams.dynamodb" || s.id() == "kinesis"; }

void read_json_form(WireRequest& wire, const HttpRequest& request, const Head& head) {
    const std::string_view type = head.content_type.substr(0, head.content_type.find(';'));
    const bool json_1_1 = iequals(type, "application/x-amz-json-1.1"), json_1_0 = !json_1_1 && iequals(type, "application/x-amz-json-1.0");
    wire.cbor = iequals(type, "application/x-amz-cbor-1.1");
    wire.plain_json = iequals(type, "application/json");
    if (wire.service && is_strict(*wire.service)) {
        const bool known = wire.service->protocol() == Protocol::json_1_0 ? json_1_0 : json_1_1 || wire.cbor;
        wire.at_the_door = request.method != "POST" || !(known || wire.plain_json);
    } else if (json_1_1 || json_1_0) {
        wire.protocol = json_1_1 ? Protocol::json_1_1 : Protocol::json_1_0;
    }
}

bool is_json(const Service& s) { return s.protocol() == Protocol::json_1_0 || s.protocol() == Protocol::json_1_1; }

}  // namespace

bool is_region(std::string_view text) {
    return text.size() >= 9 && text.size() <= 20 && text[2] == '-' && text[text.size() - 2] == '-' && text.back() >= '0' && text.back() <= '9' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// STS, "access key identifiers": what follows the prefix is base32; the account is in bits 7..46 of its first six bytes.
std::string account_of_access_key(std::string_view key) {
    static constexpr std::string_view otherwise = "000000000000";
    if (is_account(key)) return std::string(key);
    if (key.size() < 14 || (!key.starts_with("AKIA") && !key.starts_with("ASIA"))) return std::string(otherwise);
    std::uint64_t bits = 0;
    for (char c : key.substr(4, 10)) {
        int v = c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
        if (v < 0) return std::string(otherwise);
        bits = bits << 5 | static_cast<std::uint64_t>(v);
    }
    std::uint64_t account = (bits >> 2 & 0x7fffffffff80) >> 7;  // 10 characters are 50 bits, six bytes 48
    if (account > 999999999999) return std::string(otherwise);
    std::string digits = std::to_string(account);
    return std::string(12 - digits.size(), '0') + digits;
}

WireRequest identify(const HttpRequest& request, Services services) {
    WireRequest wire;
    Head head = read_head(request.headers);
    wire.query_mode = iequals(head.query_mode, "true");
    wire.head = request.method == "HEAD";
    read_credential(wire, request, head);
    const std::string& scope_service = wire.scope_service;

    if (!head.target.empty()) {
        take_target(wire, head.target, services);
        read_json_form(wire, request, head);
        wire.accept_encoding = head.accept_encoding;
        return wire;
    }
    std::string_view path = request.path();
    if (!head.smithy.empty() && take_rpc_path(wire, path, services)) return wire;

    if (!scope_service.empty()) wire.service = by_signing_name(services, scope_service);
    bool scoped_elsewhere = !scope_service.empty() && !wire.service;  // a service that is not here
    if (!wire.service && !scoped_elsewhere) {
        wire.service = by_host(services, head.host, wire);
        if (!wire.service && is_s3_host(head.host))
            for (const Service* s : services)
                if (s->id() == "s3") wire.service = s;
    }
    bool form = starts_with_i(head.content_type, "application/x-www-form-urlencoded");
    bool may_be_query = wire.service ? wire.service->accepts(Protocol::query) : form || scoped_elsewhere || request.query().find("Action=") != std::string_view::npos;
    if (may_be_query) {
        take_action(wire, request.query(), services);
        if (!wire.operation_name.empty()) return wire;
        if (form || (wire.service && !is_json(*wire.service))) {
            wire.protocol = Protocol::query;
            return wire;
        }
    }
    if (!wire.service && !scoped_elsewhere) wire.service = by_path(services, request);
    wire.protocol = Protocol::rest_xml;
    if (!wire.service) return wire;
    // S3 Control signs as S3, and its host begins with an account; its paths all begin with its version, which no bucket's name can.
    if (wire.service->signing_name() == "s3") {
        bool control = path.starts_with("/v20180820/");
        for (const Service* s : services)
            if (s->id() == (control ? "s3control" : "s3")) wire.service = s;
    }
    if (wire.service->id() == "s3") wire.bucket_from_host = s3_bucket_of_host(head.host, !scope_service.empty() || is_s3_host(head.host));
    if (is_json(*wire.service)) {  // no target: the operation stays unknown
        wire.protocol = wire.service->protocol();
        read_json_form(wire, request, head);
    } else if (wire.service->protocol() == Protocol::query) {
        wire.protocol = Protocol::query;
    } else {
        route(wire, request);
    }
    return wire;
}

void identify_body(WireRequest& wire, const HttpRequest& request, std::string_view body, Services services) {
    if (!wire.needs_body()) return;
    take_action(wire, body, services);
    if (!wire.operation_name.empty() || wire.service) return;
    wire.service = by_path(services, request);  // a form that is no Query call: S3's, perhaps
    wire.protocol = Protocol::rest_xml;
    if (wire.service) route(wire, request);
}

}  // namespace virga::protocol
