// The integrations of REST APIs: with functions, with other services, and MOCK.
#include <atomic>

#include "apis/apigateway/invoke.hpp"
#include "apis/apigateway/limits.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/mapping.hpp"
#include "emulator/gateway/proxy.hpp"

namespace virga::apigateway {
namespace {

using gateway::Answer;
using gateway::BackendRequest;
using gateway::BackendResponse;

const Value& integration_of(const Invocation& in) { return (*in.request.match.method)["methodIntegration"]; }

std::int64_t time_limit(const Invocation& in) { return integration_of(in).integer("timeoutInMillis", limits::timeout_max_ms); }

// Starts `begin`, which calls back with a T; nothing when `ms` of real time pass first. The callee goes on then.
template <class T>
Task<std::optional<T>> within(Runtime& runtime, std::int64_t ms, std::function<void(std::function<void(T)>)> begin) {
    struct State {
        std::atomic<bool> claimed{false};
        std::function<void(std::optional<T>)> resume;
        RealTimerId timer = 0;
    };
    auto run = [&runtime, ms, &begin](std::function<void(std::optional<T>)> resume) {
        auto state = std::make_shared<State>();
        state->resume = std::move(resume);
        state->timer = runtime.after_real(ms, [state] {
            if (!state->claimed.exchange(true)) state->resume(std::nullopt);
        });
        auto done = [state, &runtime](T result) {
            if (state->claimed.exchange(true)) return;
            runtime.cancel_real(state->timer);
            state->resume(std::move(result));
        };
        // `begin` may end the coroutine that owns this function: nothing of it is touched after.
        auto start = begin;
        start(std::move(done));
    };
    auto awaiting = callback<std::optional<T>>(std::move(run));
    std::optional<T> result = co_await awaiting;
    co_return result;
}

// "arn:aws:apigateway:R:lambda:path/2015-03-31/functions/<function>/invocations" -> "<function>"
std::string function_of(std::string_view uri) {
    constexpr std::string_view before = "/functions/", after = "/invocations";
    std::size_t at = uri.find(before);
    if (at == std::string_view::npos || !uri.ends_with(after)) throw gateway::internal_error();
    at += before.size();
    return std::string(uri.substr(at, uri.size() - after.size() - at));
}

// The partition an ARN names, or the API's own for a plain name.
PartitionId partition_of(std::string_view arn, const PartitionId& own) {
    auto parsed = Arn::parse(arn);
    return parsed && !parsed->account.empty() ? PartitionId{parsed->account, parsed->region} : own;
}

// "arn:aws:apigateway:<region>:[<sub>.]<service>:<path|action>/<rest>"
struct ServiceTarget {
    std::string region, service, rest;
    bool action = false;
};

ServiceTarget read_target(std::string_view uri) {
    auto arn = Arn::parse(uri);
    if (!arn) throw gateway::internal_error();
    ServiceTarget out{arn->region, arn->account, arn->resource, false};
    if (std::size_t dot = out.service.rfind('.'); dot != std::string::npos) out.service.erase(0, dot + 1);
    out.action = out.rest.starts_with("action/");
    out.rest.erase(0, out.action ? 7 : 5);
    return out;
}

// What services want in X-Amz-Target before the operation's name.
std::string_view json_target(std::string_view service) {
    if (service == "dynamodb") return "DynamoDB_20120810.";
    if (service == "kinesis") return "Kinesis_20131202.";
    if (service == "events") return "AWSEvents.";
    if (service == "logs") return "Logs_20140328.";
    if (service == "firehose") return "Firehose_20150804.";
    if (service == "states") return "AWSStepFunctions.";
    if (service == "ssm") return "AmazonSSM.";
    return {};
}

std::shared_ptr<HttpRequest> service_request(const Invocation& in, const ServiceTarget& target, std::string_view verb, BackendRequest mapped) {
    auto http = std::make_shared<HttpRequest>();
    http->method = verb;
    http->remote = in.request.source_ip;
    std::string query;
    for (const auto& [name, value] : mapped.query) query += (query.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    http->target = target.action ? "/" : "/" + target.rest;
    for (auto& [name, value] : mapped.headers) http->headers.set(name, value);
    if (target.action) {
        if (auto prefix = json_target(target.service); !prefix.empty()) {
            if (!http->headers.has("X-Amz-Target")) http->headers.set("X-Amz-Target", std::string(prefix) + target.rest);
            // The client's own Content-Type says nothing about what a template made of its body.
            const bool json = http->headers.get("Content-Type").starts_with("application/x-amz-json");
            if (!json) http->headers.set("Content-Type", target.service == "dynamodb" || target.service == "states"
                                                             ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1");
        } else {
            query = "Action=" + target.rest + (query.empty() ? "" : "&" + query);
        }
    }
    if (!query.empty()) http->target += "?" + query;
    if (!http->headers.has("Content-Type") && !mapped.body.empty()) http->headers.set("Content-Type", "application/json");
    http->headers.set("Host", target.service + "." + target.region + ".amazonaws.com");
    http->headers.set("User-Agent", "AmazonAPIGateway_" + in.request.api_id);
    http->headers.set("X-Amzn-Trace-Id", in.request.trace_header);
    http->headers.set("Authorization", "AWS4-HMAC-SHA256 Credential=" + in.partition->account() + "/20260101/" + target.region + "/" + target.service +
                                           "/aws4_request, SignedHeaders=host, Signature=0");
    http->headers.set("Content-Length", std::to_string(mapped.body.size()));
    http->body = std::make_shared<StringSource>(std::move(mapped.body));
    return http;
}

Task<BackendResponse> call_service(Invocation& in, std::string uri, BackendRequest mapped) {
    auto http = service_request(in, read_target(uri), integration_of(in).text("httpMethod"), std::move(mapped));
    Dispatcher& dispatcher = in.dispatcher;
    std::function<void(std::function<void(HttpResponse)>)> begin = [&dispatcher, http](std::function<void(HttpResponse)> done) {
        dispatcher.handle(http, std::move(done));
    };
    std::optional<HttpResponse> response = co_await within<HttpResponse>(in.world().runtime, time_limit(in), std::move(begin));
    if (!response) throw gateway::timed_out();
    BackendResponse out{response->status};
    for (const auto& [name, value] : response->headers) out.headers.emplace_back(name, value);
    if (response->stream) out.body = co_await read_all(*response->stream, limits::payload);
    else out.body = std::move(response->body);
    out.selector = std::to_string(out.status);
    co_return out;
}

// A function that is not called as a proxy: its output is the body, its error's message selects the response.
Task<BackendResponse> call_plain_function(Invocation& in, std::string uri, BackendRequest mapped) {
    const std::string* type = gateway::header_of(mapped.headers, "X-Amz-Invocation-Type");
    const bool async = type && *type == "Event";
    FunctionAnswer answer = co_await call_function(in, std::move(uri), std::move(mapped.body), async);
    BackendResponse out{200, {}, std::move(answer.payload)};
    if (answer.failed) {
        Value error;
        json::try_parse(out.body, error);
        out.selector = std::string(error.text("errorMessage"));
    }
    co_return out;
}

}  // namespace

Task<FunctionAnswer> call_function(Invocation& in, std::string uri, std::string payload, bool async) {
    const std::string function = function_of(uri);
    Call call = service_call("lambda", "Invoke", partition_of(function, in.partition->id()), "apigateway.amazonaws.com",
                             Object{{"FunctionName", function},
                                    {"InvocationType", async ? "Event" : "RequestResponse"},
                                    {"Payload", Bytes{std::move(payload)}}},
                             in.trace);
    Calls& calls = *in.world().calls;
    std::function<void(std::function<void(Reply)>)> begin = [&calls, call = std::move(call)](std::function<void(Reply)> done) {
        start_with_result(calls.call(call), [done = std::move(done)](std::exception_ptr, std::optional<Reply> reply) {
            Reply failed;
            failed.error = ApiError("InternalFailure", 500, "");
            done(reply ? std::move(*reply) : std::move(failed));
        });
    };
    std::optional<Reply> reply = co_await within<Reply>(in.world().runtime, time_limit(in), std::move(begin));
    if (!reply) throw gateway::timed_out();
    if (reply->error) throw gateway::internal_error();
    FunctionAnswer out;
    const Value& output = reply->output["Payload"];
    if (output.is_bytes()) out.payload = output.as_bytes();
    else if (output.is_string()) out.payload = output.as_string();
    else if (reply->body) out.payload = co_await read_all(*reply->body, limits::payload);
    out.failed = reply->output.has("FunctionError");
    co_return out;
}

Task<Answer> integrate_lambda_proxy(Invocation& in) {
    in.traced = true;
    std::string uri = gateway::render_uri(integration_of(in).text("uri"), {}, in.request.stage_variables);
    std::string event = gateway::proxy_event(in.request, in.snapshot->binary_types);
    FunctionAnswer output = co_await call_function(in, std::move(uri), std::move(event), false);
    std::optional<Answer> answer;
    if (!output.failed) answer = gateway::proxy_answer(output.payload, in.request, in.snapshot->binary_types);
    if (!answer) throw gateway::malformed_proxy_answer();
    co_return std::move(*answer);
}

Task<Answer> integrate_mapped(Invocation& in) {
    const Value& integration = integration_of(in);
    BackendRequest mapped = gateway::map_request(in.request, integration, *in.snapshot);
    BackendResponse response;
    if (integration.text("type") == "MOCK") {
        response.status = gateway::mock_status(mapped.body);
        response.selector = std::to_string(response.status);
        response.mock = true;
        response.body = std::move(mapped.body);
    } else {
        in.traced = true;
        std::string uri = gateway::render_uri(integration.text("uri"), mapped.path, in.request.stage_variables);
        const bool function = uri.find(":lambda:path/") != std::string::npos;
        if (function) response = co_await call_plain_function(in, std::move(uri), std::move(mapped));
        else response = co_await call_service(in, std::move(uri), std::move(mapped));
    }
    co_return gateway::map_response(in.request, integration, *in.request.match.method, response, *in.snapshot);
}

Task<Answer> integrate(Invocation& in) {
    std::string_view type = integration_of(in).text("type");
    Answer answer;
    if (type == "AWS_PROXY") answer = co_await integrate_lambda_proxy(in);
    else answer = co_await integrate_mapped(in);
    co_return answer;
}

}  // namespace virga::apigateway
