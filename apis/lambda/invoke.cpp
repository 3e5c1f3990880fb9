#include "apis/lambda/errors.hpp"
#include "apis/lambda/invocation.hpp"
#include "apis/lambda/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/function/limits.hpp"

namespace virga {

std::optional<int> reserved_concurrency(const FunctionRef& ref) {
    auto& store = ref.store();
    auto reading = ref.partition->read();
    auto setting = store.setting(reading.db(), ref.name, "concurrency", "");
    if (!setting) return std::nullopt;
    return static_cast<int>(setting->integer("ReservedConcurrentExecutions"));
}

Task<InvocationResult> run_function(World& world, InvocationPlan plan) {
    auto& ref = plan.ref;
    auto function = plan.version.empty() ? nullptr : ref.store().version(ref.name, plan.version);
    if (!function) throw lambda_errors::function_not_found(ref.qualified_arn());
    auto& host = world.part<FunctionHost>();
    auto& id = ref.partition->id();
    Concurrency::Refusal refusal{};
    auto place = host.concurrency.enter(id.account + "/" + id.region, ref.name, reserved_concurrency(ref), limits::concurrent_executions, refusal);
    if (!place)
        throw lambda_errors::throttled(refusal == Concurrency::Refusal::reserved ? "ReservedFunctionConcurrentInvocationLimitExceeded"
                                                                                 : "ConcurrentInvocationLimitExceeded");
    Invocation invocation;
    invocation.function = function;
    invocation.payload = std::move(plan.payload);
    invocation.request_id = std::move(plan.request_id);
    invocation.invoked_arn = ref.qualified_arn();
    invocation.client_context = std::move(plan.client_context);
    invocation.trace = plan.trace;
    invocation.links = std::move(plan.links);
    InvocationResult result = co_await host.invoke(std::move(invocation));
    co_return result;
}

namespace lambda {

namespace {

void check_payload(const std::string& payload, bool event) {
    auto limit = event ? limits::async_request_bytes : limits::request_bytes;
    if (payload.size() > limit) throw lambda_errors::payload_too_large(limit);
    try {
        json::parse(payload);
    } catch (const json::ParseError& e) {
        throw lambda_errors::bad_payload(e.what());
    }
}

// Traces of the other records of a batch: members that only calls from inside the emulator can carry.
std::vector<TraceContext> links_of(const Context& ctx, const Value& input) {
    std::vector<TraceContext> links;
    if (ctx.call.http) return links;
    for (auto& header : input.list("virga:links")) links.push_back(TraceContext::parse(header.as_string()));
    return links;
}

}  // namespace

Task<Value> invoke(Context& ctx, const Value& input) {
    // 1. Find the version to run.
    auto ref = function_ref(ctx, input);
    auto version = version_of(ref, ctx.random.unit());
    if (version.empty() || !ref.store().version(ref.name, version))
        throw lambda_errors::function_not_found(ref.qualifier.empty() ? ref.arn() + ":" + latest : ref.qualified_arn());

    // 2. Validate the event.
    auto type = input.text("InvocationType", "RequestResponse");
    std::string payload = input.has("Payload") ? input["Payload"].as_bytes() : "";
    if (payload.empty()) payload = "{}";
    check_payload(payload, type == "Event");
    if (type == "DryRun") co_return Object{{"StatusCode", 204}, {"ExecutedVersion", version}};

    // 3. Later: a durable job.
    if (type == "Event") {
        auto tx = ref.partition->write();
        tx.enqueue(async_invocation(ref, ctx.request_id, payload, ctx.now(), ctx.trace()));
        tx.commit();
        co_return Object{{"StatusCode", 202}};
    }

    // 4. Now.
    std::string context;
    if (input.has("ClientContext")) context = base64_decode(input.text("ClientContext")).value_or("");
    InvocationPlan plan;
    plan.ref = ref;
    plan.version = version;
    plan.payload = std::move(payload);
    plan.request_id = ctx.request_id;
    plan.client_context = std::move(context);
    plan.trace = ctx.trace();
    plan.links = links_of(ctx, input);
    InvocationResult result = co_await run_function(ctx.world, std::move(plan));
    Value answer = Object{{"StatusCode", 200}, {"ExecutedVersion", version}, {"Payload", Bytes{std::move(result.payload)}}};
    if (result.failed) answer["FunctionError"] = "Unhandled";
    if (input.text("LogType") == "Tail") answer["LogResult"] = base64_encode(result.log_tail);
    if (!ctx.call.http && result.streamed) answer["virga:content-type"] = result.content_type;
    co_return answer;
}

}  // namespace lambda
}  // namespace virga
