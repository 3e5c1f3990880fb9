#include <algorithm>
#include <atomic>

#include "apis/targets/http_parameters.hpp"
#include "apis/targets/http_target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::targets {

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
    std::string body;
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
            if (!race->over.exchange(true)) resume(GatewayAnswer{0, {}, true});
        });
        dispatcher->handle(request, [race, resume, &runtime = world.runtime](HttpResponse response) {
            if (race->over.exchange(true)) return;
            runtime.cancel_real(race->timer);
            resume(GatewayAnswer{response.status, std::move(response.body), false});
        });
    };
    GatewayAnswer answer = co_await callback<GatewayAnswer>(begin);
    co_return answer;
}

}  // namespace

Task<HttpResult> to_api_gateway(std::shared_ptr<const HttpDelivery> d) {
    // api/stage/METHOD/path
    std::string_view rest = d->target.resource;
    auto take = [&] {
        auto part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        return std::string(part);
    };
    std::string api = take(), stage = take(), method = take();
    HttpParts parts = http_parts("/" + stage + "/" + std::string(rest), d->parameters, d->resolve);
    auto request = std::make_shared<HttpRequest>();
    request->method = method == "*" ? "POST" : method;
    request->target = with_query(parts.url, parts.query);
    request->remote = "127.0.0.1";
    request->headers.add("Host", api + ".execute-api." + d->target.region + ".amazonaws.com");
    request->headers.add("Content-Type", "application/json; charset=utf-8");
    request->headers.add("User-Agent", "Amazon/EventBridge/CustomEvent");
    if (!d->trace.empty()) request->headers.add("X-Amzn-Trace-Id", d->trace.header());
    for (auto& [name, value] : parts.headers)
        if (forwarded_to_gateway(name)) request->headers.set(name, value);
    request->headers.add("Content-Length", std::to_string(d->input.size()));
    request->body = std::make_shared<StringSource>(d->input);
    Task<GatewayAnswer> asking = ask_gateway(d->from->world(), request);
    GatewayAnswer answer = co_await std::move(asking);
    HttpResult result;
    if (answer.late) result.outcome = Failure{"TIMEOUT", "API Gateway did not answer in time.", true};
    else result.outcome = outcome_of_status(answer.status, d->target.text, false);
    result.body = std::move(answer.body);
    co_return result;
}

}  // namespace virga::targets
