#include "apis/apigateway/invoke.hpp"

#include "apis/apigateway/address.hpp"
#include "apis/apigateway/limits.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/validation.hpp"

namespace virga::apigateway {
namespace {

using gateway::Answer;
using gateway::Fault;
using gateway::Snapshot;
using gateway::Store;

// Takes the API's stage and deployment as they are now. Throws Fault when there is nothing to be invoked.
void open_stage(Invocation& in) {
    Store& store = in.partition->part<Store>();
    auto reading = in.partition->read();
    auto api = store.api(reading.db(), in.request.api_id);
    auto stage = store.stage(reading.db(), in.request.api_id, in.request.stage);
    if (!api || !stage || Value(api->settings).flag("disableExecuteApiEndpoint")) throw gateway::not_allowed_stage();
    const Value settings(stage->settings);
    in.request.deployment_id = settings.text("deploymentId");
    in.request.stage_variables = settings.object("variables");
    in.snapshot = store.snapshot(reading.db(), api->id, in.request.deployment_id);
    if (!in.snapshot) throw gateway::not_allowed_stage();
}

void route(gateway::Request& r, const Snapshot& snapshot) {
    if (const std::string* method = gateway::header_of(r.headers, "X-HTTP-Method-Override")) r.method = *method;
    r.match = snapshot.routes.find(r.method, r.path);
    if (!r.match) throw gateway::missing_authentication_token();
}

void authorize(const gateway::Request& r) {
    const Value& method = *r.match.method;
    // Signatures are the dispatcher's affair; here only their absence counts.
    if (method.text("authorizationType") == "AWS_IAM" && !gateway::header_of(r.headers, "Authorization") &&
        !gateway::last_of(r.query, "X-Amz-Signature"))
        throw gateway::missing_authentication_token();
    if (method.flag("apiKeyRequired")) throw gateway::forbidden_key();  // there are no keys and usage plans here yet
}

Task<Answer> serve(Invocation& in) {
    // 1. Which stage, resource and method.
    open_stage(in);
    route(in.request, *in.snapshot);
    // 2. Whether the client may, and what it sent is well.
    authorize(in.request);
    gateway::validate_request(in.request, *in.snapshot);
    // 3. The integration.
    Answer answer = co_await integrate(in);
    co_return answer;
}

gateway::Request read_request(const HttpRequest& http, const Address& address, std::string body) {
    gateway::Request r;
    r.method = http.method;
    r.path = address.path;
    r.query = parse_query(http.query());
    for (const auto& [name, value] : http.headers) r.headers.emplace_back(name, value);
    r.body = std::move(body);
    r.source_ip = http.remote;
    r.domain_name = address.domain_name;
    std::string_view host = http.host();
    std::size_t colon = host.rfind(':');
    r.forwarded_proto = http.tls ? "https" : "http";
    r.forwarded_port = colon == std::string_view::npos ? (http.tls ? "443" : "80") : std::string(host.substr(colon + 1));
    r.api_id = address.api;
    r.stage = address.stage;
    return r;
}

// Ids and the trace: the request continues the one its header names, or begins one.
void begin_trace(Invocation& in, Span& span) {
    gateway::Request& r = in.request;
    World& world = in.world();
    const std::string* header = gateway::header_of(r.headers, "X-Amzn-Trace-Id");
    const TraceContext cause = TraceContext::parse(header ? *header : "");
    std::string what = "apigateway " + r.api_id + " " + r.stage + " " + r.method + " " + r.path;
    for (const auto& [name, value] : r.query) what += " " + name + "=" + value;
    Random random = world.random.derive(cause.parent, what + " " + std::to_string(hash64(r.body)));
    r.time = world.clock.now();
    r.request_id = random.uuid();
    r.extended_id = base64_encode(random.bytes(11));
    span.id = random.next();
    span.parent = cause.parent;
    const std::uint64_t high = random.next(), low = random.next();
    span.root = cause.empty() ? new_trace_root(r.time, high, low) : cause.root;
    span.kind = "http";
    span.started = r.time;
    in.trace = {span.root, span.id};
    r.trace_header = in.trace.header();
}

void end_trace(const Invocation& in, Span span, const std::string& outcome, std::int64_t began_us) {
    const gateway::Request& r = in.request;
    span.name = "apigateway:" + r.method + " " + (r.match ? r.match.route->path : r.path);
    span.resource = in.partition->arn("execute-api", r.api_id + "/" + r.stage + "/" + r.method + r.path);
    span.account = in.partition->account();
    span.region = in.partition->region();
    span.ended = in.world().clock.now();
    span.real_us = monotonic_us() - began_us;
    span.outcome = outcome;
    in.world().trace.record(std::move(span));
}

HttpResponse to_http(const Invocation& in, Answer answer) {
    HttpResponse out;
    out.status = answer.status;
    out.headers.add("x-amzn-RequestId", in.request.request_id);
    out.headers.add("x-amz-apigw-id", in.request.extended_id);
    if (in.traced) out.headers.add("X-Amzn-Trace-Id", "Root=" + in.trace.root);
    if (!gateway::header_of(answer.headers, "Content-Type")) out.headers.add("Content-Type", "application/json");
    for (auto& [name, value] : answer.headers)
        if (!iequals(name, "x-amzn-RequestId") && !(in.traced && iequals(name, "X-Amzn-Trace-Id"))) out.headers.add(name, value);
    out.body = std::move(answer.body);
    return out;
}

Task<HttpResponse> invoke(Dispatcher& dispatcher, std::shared_ptr<HttpRequest> http, Address address) {
    const std::int64_t began_us = monotonic_us();
    World& world = dispatcher.world();
    auto owner = world.directory->find("api", address.api);
    if (!owner) co_return HttpResponse::json(404, R"({"message":"Not Found"})");
    Invocation in{dispatcher, world.partition(*owner), nullptr, {}, {}};
    auto activity = world.activities.begin("http", "apigateway:" + address.api + "/" + address.stage + address.path);
    std::string outcome = "ok";
    Answer answer;
    Span span;
    std::optional<std::string> body;
    try {
        body = co_await read_all(*http->body, limits::payload);
    } catch (const ApiError&) {
    }
    in.request = read_request(*http, address, body.value_or(""));
    in.request.account = owner->account;
    begin_trace(in, span);
    try {
        if (!body) throw Fault{"REQUEST_TOO_LARGE", "Request Too Long"};
        answer = co_await serve(in);
        if (answer.status >= 500) outcome = std::to_string(answer.status);
    } catch (const Fault& fault) {
        answer = gateway::answer_fault(fault, in.request, in.snapshot.get());
        outcome = fault.type;
    }
    end_trace(in, span, outcome, began_us);
    co_return to_http(in, std::move(answer));
}

}  // namespace

HttpRoute invocation_route(Dispatcher& dispatcher) {
    auto matches = [](const HttpRequest& r) { return read_address(r.host(), r.path()).has_value(); };
    auto handle = [&dispatcher](std::shared_ptr<HttpRequest> request, Respond respond) {
        Address address = *read_address(request->host(), request->path());
        start_with_result(invoke(dispatcher, request, std::move(address)), [respond](std::exception_ptr error, std::optional<HttpResponse> response) {
            if (error || !response) respond(HttpResponse::json(500, R"({"message": "Internal server error"})"));
            else respond(std::move(*response));
        });
    };
    return {"apigateway", matches, handle};
}

}  // namespace virga::apigateway
