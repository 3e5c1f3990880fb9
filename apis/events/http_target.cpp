#include "apis/events/http_target.hpp"

#include <algorithm>
#include <charconv>

#include "apis/events/find.hpp"
#include "apis/http/client.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

// "api-destination/name/uuid": the middle and the end.
std::pair<std::string, std::string> name_and_id(std::string_view resource) {
    auto first = resource.find('/'), last = resource.rfind('/');
    if (first == std::string_view::npos || first == last) return {};
    return {std::string(resource.substr(first + 1, last - first - 1)), std::string(resource.substr(last + 1))};
}

Value find_by_arn(Partition& partition, const char* kind, std::string_view arn) {
    auto parsed = Arn::parse(arn);
    if (!parsed) return {};
    auto [name, id] = name_and_id(parsed->resource);
    Value found = partition.part<bus::Resources>().find(kind, name);
    return found.text("Id") == id ? found : Value();
}

// Seconds; other forms of the header are not heeded.
std::optional<std::int64_t> retry_after(const OutboundResponse& answer) {
    auto text = answer.headers.get("Retry-After");
    std::int64_t seconds = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size()) return {};
    return seconds;
}

Outcome outcome_of_status(int status, const std::string& url, bool oauth) {
    if (status / 100 == 2) return {};
    Failure failure = failure_of(ApiError("HttpStatus", status, url + " answered " + std::to_string(status) + "."));
    if (oauth && (status == 401 || status == 407)) failure = {"NO_PERMISSIONS", failure.message, true};
    if (status == 401) failure.code = "NO_PERMISSIONS";
    return failure;
}

Outcome outcome_of(const OutboundResponse& answer, const std::string& url, bool oauth) {
    if (answer.failure == OutboundResponse::Failure::timeout) return Failure{"TIMEOUT", answer.error, true};
    if (answer.failure == OutboundResponse::Failure::connection) return Failure{"CONNECTION_FAILURE", answer.error, true};
    Outcome out = outcome_of_status(answer.status, url, oauth);
    if (!out || !out->retry) return out;
    if (auto seconds = retry_after(answer)) {
        if (*seconds < 0) out->retry = false;
        else out->wait_ms = *seconds * 1000;
    }
    return out;
}

// What goes out, but for the authorization.
OutboundRequest request_of(const Value& destination, const Value& connection, const Delivery& d, const std::string& event, std::string body, const TraceContext& trace) {
    HttpParts parts = http_parts(destination.text("InvocationEndpoint"), d.target["HttpParameters"], event);
    add_connection_parameters(connection["AuthParameters"]["InvocationHttpParameters"], parts, body);
    OutboundRequest request;
    request.method = destination.text("HttpMethod");
    request.headers.add("User-Agent", "Amazon/EventBridge/ApiDestinations");
    request.headers.add("Range", "bytes=0-1048575");
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    if (!trace.empty()) request.headers.add("X-Amzn-Trace-Id", trace.header());
    for (auto& [name, value] : parts.headers)
        if (!iequals(name, "Host") && !iequals(name, "Content-Length")) request.headers.set(name, value);
    const Value& key = connection["AuthParameters"]["ApiKeyAuthParameters"];
    if (key.has("ApiKeyName")) request.headers.set(key.text("ApiKeyName"), std::string(key.text("ApiKeyValue")));
    request.url = with_query(parts.url, parts.query);
    request.body = std::move(body);
    return request;
}

}  // namespace

Value find_connection(Partition& partition, std::string_view arn) { return find_by_arn(partition, bus::kind::connection, arn); }

Task<Outcome> to_api_destination(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::string event, std::string input, TraceContext trace) {
    World& world = from->world();
    auto arn = *Arn::parse(delivery->target.text("Arn"));
    auto partition = partition_of(arn) == from->id() ? from : world.partition(partition_of(arn));
    Value destination = find_by_arn(*partition, bus::kind::api_destination, arn.text);
    if (destination.is_null()) co_return Failure{"NO_RESOURCE", "An api-destination '" + arn.text + "' does not exist.", false};
    Value connection = find_connection(*partition, destination.text("ConnectionArn"));
    auto state = connection.text("ConnectionState");
    if (state != "AUTHORIZED" && state != "AUTHORIZING")
        co_return Failure{"NO_PERMISSIONS", "The connection " + std::string(destination.text("ConnectionArn")) + " is not authorized.", false};

    // The destination's rate: a place in it is kept over the wait.
    if (delivery->slot == 0 || delivery->slot > world.clock.now()) {
        auto rate = destination.integer("InvocationRateLimitPerSecond", bus::limits::invocation_rate);
        TimeMs slot = delivery->slot ? delivery->slot : partition->part<Outbound>().reserve(arn.text, rate, world.clock.now());
        if (slot > world.clock.now()) {
            Failure wait{"THROTTLING", "The invocation rate limit.", true};
            wait.slot = slot;
            co_return wait;
        }
    }

    std::string name = name_and_id(Arn::parse(destination.text("ConnectionArn"))->resource).first;
    bool oauth = connection.text("AuthorizationType") == "OAUTH_CLIENT_CREDENTIALS";
    Outcome outcome;
    // A token that is refused is fetched anew, once.
    for (int round = 0; round < (oauth ? 2 : 1); ++round) {
        Task<Authorization> authorizing = authorize(partition, name, connection);
        Authorization authorization = co_await std::move(authorizing);
        if (authorization.failure) co_return authorization.failure;
        OutboundRequest request = request_of(destination, connection, *delivery, event, input, trace);
        if (!authorization.header.empty()) request.headers.set("Authorization", authorization.header);
        std::string url = request.url;
        Task<OutboundResponse> sending = send_outbound(world.runtime, std::move(request), bus::limits::http_timeout_ms);
        OutboundResponse answer = co_await std::move(sending);
        outcome = outcome_of(answer, url, oauth);
        if (!oauth || (answer.status != 401 && answer.status != 407)) break;
        partition->part<Outbound>().forget(name);
    }
    co_return outcome;
}

namespace {

// Headers that a target's parameters cannot set at API Gateway (docs: API Gateway targets).
bool forwarded_to_gateway(std::string_view name) {
    static constexpr std::string_view dropped[] = {"authorization", "host",   "content-length", "content-encoding", "connection", "keep-alive",     "proxy-authenticate", "proxy-authorization",
                                                   "te",            "trailer", "trailers",       "transfer-encoding", "upgrade",    "max-forwards", "via",                "x-forwarded-for"};
    return !starts_with_i(name, "x-amz") && std::none_of(std::begin(dropped), std::end(dropped), [&](auto d) { return iequals(d, name); });
}

// The route's answer, or a timeout, whichever is first.
struct GatewayAnswer {
    int status = 0;
    bool late = false;
};

Task<GatewayAnswer> ask_gateway(World& world, std::shared_ptr<HttpRequest> request) {
    Dispatcher* dispatcher = world.part<Door>().dispatcher;
    auto begin = [&](auto resume) {
        struct Race {
            std::atomic<bool> over{false};
            RealTimerId timer = 0;
        };
        auto race = std::make_shared<Race>();
        race->timer = world.runtime.after_real(bus::limits::http_timeout_ms, [race, resume] {
            if (!race->over.exchange(true)) resume(GatewayAnswer{0, true});
        });
        dispatcher->handle(request, [race, resume, &runtime = world.runtime](HttpResponse response) {
            if (race->over.exchange(true)) return;
            runtime.cancel_real(race->timer);
            resume(GatewayAnswer{response.status, false});
        });
    };
    GatewayAnswer answer = co_await callback<GatewayAnswer>(begin);
    co_return answer;
}

}  // namespace

Task<Outcome> to_api_gateway(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::string event, std::string input, TraceContext trace) {
    auto arn = *Arn::parse(delivery->target.text("Arn"));
    // api/stage/METHOD/path
    std::string_view rest = arn.resource;
    auto take = [&] {
        auto part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        return std::string(part);
    };
    std::string api = take(), stage = take(), method = take();
    HttpParts parts = http_parts("/" + stage + "/" + std::string(rest), delivery->target["HttpParameters"], event);
    auto request = std::make_shared<HttpRequest>();
    request->method = method == "*" ? "POST" : method;
    request->target = with_query(parts.url, parts.query);
    request->remote = "127.0.0.1";
    request->headers.add("Host", api + ".execute-api." + arn.region + ".amazonaws.com");
    request->headers.add("Content-Type", "application/json; charset=utf-8");
    request->headers.add("User-Agent", "Amazon/EventBridge/CustomEvent");
    if (!trace.empty()) request->headers.add("X-Amzn-Trace-Id", trace.header());
    for (auto& [name, value] : parts.headers)
        if (forwarded_to_gateway(name)) request->headers.set(name, value);
    request->headers.add("Content-Length", std::to_string(input.size()));
    request->body = std::make_shared<StringSource>(std::move(input));
    Task<GatewayAnswer> asking = ask_gateway(from->world(), request);
    GatewayAnswer answer = co_await std::move(asking);
    if (answer.late) co_return Failure{"TIMEOUT", "API Gateway did not answer in time.", true};
    co_return outcome_of_status(answer.status, arn.text, false);
}

}  // namespace virga::events
