#include <algorithm>
#include <charconv>

#include "apis/http/client.hpp"
#include "apis/targets/http_parameters.hpp"
#include "apis/targets/http_target.hpp"
#include "apis/targets/outbound.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::targets {

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
OutboundRequest request_of(const Value& destination, const Value& connection, const HttpDelivery& d) {
    HttpParts parts = http_parts(destination.text("InvocationEndpoint"), d.parameters, d.resolve);
    std::string body = d.input;
    add_connection_parameters(connection["AuthParameters"]["InvocationHttpParameters"], parts, body);
    OutboundRequest request;
    request.method = destination.text("HttpMethod");
    request.headers.add("User-Agent", "Amazon/EventBridge/ApiDestinations");
    request.headers.add("Range", "bytes=0-1048575");
    request.headers.add("Content-Type", "application/json; charset=utf-8");
    if (!d.trace.empty()) request.headers.add("X-Amzn-Trace-Id", d.trace.header());
    for (auto& [name, value] : parts.headers)
        if (!iequals(name, "Host") && !iequals(name, "Content-Length")) request.headers.set(name, value);
    const Value& key = connection["AuthParameters"]["ApiKeyAuthParameters"];
    if (key.has("ApiKeyName")) request.headers.set(key.text("ApiKeyName"), std::string(key.text("ApiKeyValue")));
    request.url = with_query(parts.url, parts.query);
    request.body = std::move(body);
    return request;
}

}  // namespace

Outcome outcome_of_status(int status, const std::string& url, bool oauth) {
    if (status / 100 == 2) return {};
    Failure failure = failure_of(ApiError("HttpStatus", status, url + " answered " + std::to_string(status) + "."));
    if (oauth && (status == 401 || status == 407)) failure = {"NO_PERMISSIONS", failure.message, true};
    if (status == 401) failure.code = "NO_PERMISSIONS";
    return failure;
}

Value find_connection(Partition& partition, std::string_view arn) { return find_by_arn(partition, bus::kind::connection, arn); }

bool is_http_target(const Arn& arn) { return arn.service == "execute-api" || (arn.service == "events" && arn.resource.starts_with("api-destination/")); }

Task<HttpResult> deliver_over_http(std::shared_ptr<const HttpDelivery> delivery) {
    return delivery->target.service == "execute-api" ? to_api_gateway(std::move(delivery)) : to_api_destination(std::move(delivery));
}

Task<HttpResult> to_api_destination(std::shared_ptr<const HttpDelivery> d) {
    World& world = d->from->world();
    HttpResult result;
    PartitionId home{d->target.account, d->target.region};
    auto partition = home == d->from->id() ? d->from : world.partition(home);
    Value destination = find_by_arn(*partition, bus::kind::api_destination, d->target.text);
    if (destination.is_null()) {
        result.outcome = Failure{"NO_RESOURCE", "An api-destination '" + d->target.text + "' does not exist.", false};
        co_return result;
    }
    Value connection = find_connection(*partition, destination.text("ConnectionArn"));
    auto state = connection.text("ConnectionState");
    if (state != "AUTHORIZED" && state != "AUTHORIZING") {
        result.outcome = Failure{"NO_PERMISSIONS", "The connection " + std::string(destination.text("ConnectionArn")) + " is not authorized.", false};
        co_return result;
    }

    // The destination's rate: a place in it is kept over the wait.
    if (d->slot == 0 || d->slot > world.clock.now()) {
        auto rate = destination.integer("InvocationRateLimitPerSecond", bus::limits::invocation_rate);
        TimeMs slot = d->slot ? d->slot : partition->part<Outbound>().reserve(d->target.text, rate, world.clock.now(), d->queues);
        if (slot > world.clock.now()) {
            result.outcome = Failure{"THROTTLING", "The invocation rate limit.", true};
            if (d->queues) result.outcome->slot = slot;
            co_return result;
        }
    }

    std::string name = name_and_id(Arn::parse(destination.text("ConnectionArn"))->resource).first;
    bool oauth = connection.text("AuthorizationType") == "OAUTH_CLIENT_CREDENTIALS";
    // A token that is refused is fetched anew, once.
    for (int round = 0; round < (oauth ? 2 : 1); ++round) {
        Task<Authorization> authorizing = authorize(partition, name, connection);
        Authorization authorization = co_await std::move(authorizing);
        if (authorization.failure) {
            result.outcome = authorization.failure;
            co_return result;
        }
        OutboundRequest request = request_of(destination, connection, *d);
        if (!authorization.header.empty()) request.headers.set("Authorization", authorization.header);
        std::string url = request.url;
        Task<OutboundResponse> sending = send_outbound(world.runtime, std::move(request), bus::limits::http_timeout_ms);
        OutboundResponse answer = co_await std::move(sending);
        result.outcome = outcome_of(answer, url, oauth);
        result.body = std::move(answer.body);
        if (!oauth || (answer.status != 401 && answer.status != 407)) break;
        partition->part<Outbound>().forget(name);
    }
    co_return result;
}

}  // namespace virga::targets
