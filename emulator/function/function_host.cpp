#include "emulator/function/function_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/function/function_log.hpp"
#include "emulator/function/limits.hpp"

namespace virga {

namespace {

double milliseconds(std::int64_t us) { return static_cast<double>(us) / 1000; }

std::string error_document(const std::string& type, const std::string& message) {
    return json::write(Object{{"errorType", type}, {"errorMessage", message}});
}

// Error types a runtime may name itself; AWS folds the others.
std::string public_error_type(const std::string& type) {
    auto dot = type.find('.');
    bool named = dot != std::string::npos && dot + 1 < type.size() && type[dot + 1] >= 'A' && type[dot + 1] <= 'Z' &&
                 type.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dot + 1) == std::string::npos;
    if (named && (type.starts_with("Runtime.") || type.starts_with("Function.") || type.starts_with("Sandbox."))) return type;
    return type.starts_with("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}

Outcome killed() { return {Outcome::Kind::exited, {}, "signal: killed", {}, false, 9}; }

}  // namespace

// One invocation on its way.
struct FunctionHost::Run {
    Run(Invocation i, bool json, std::int64_t timeout_ms) : invocation(std::move(i)), log(json), remaining_ms(timeout_ms) {}

    Invocation invocation;
    std::string trace_header;
    FunctionLog log;
    std::shared_ptr<Lease> lease;
    std::optional<double> init_ms;  // of a cold start
    std::int64_t begun_us = 0, duration_us = 0;
    std::int64_t remaining_ms = 0;
    bool started = false;  // its START line is written
    std::string log_text;  // of this invocation, for the tail
    TraceContext trace;
};

FunctionHost::FunctionHost(World& world)
    : world_(world), code_(world), pool_(world.runtime, [this](Lease& lease, const FunctionVersion& function) { launch(lease, function); }) {}

FunctionHost::~FunctionHost() { close(); }

Task<InvocationResult> FunctionHost::invoke(Invocation invocation) {
    auto function = invocation.function;
    auto activity = world_.activities.begin("invocation", function->arn());
    auto random = world_.random.derive(invocation.trace.parent, "invocation:" + invocation.request_id);
    Span span;
    span.id = random.next() | 1;
    span.parent = invocation.trace.parent;
    span.root = invocation.trace.empty() ? new_trace_root(world_.clock.now(), random.next(), random.next()) : invocation.trace.root;
    span.kind = "invocation";
    span.name = "lambda:" + function->name;
    span.resource = function->arn();
    span.account = function->partition.account;
    span.region = function->partition.region;
    span.started = world_.clock.now();
    span.links = invocation.links;

    Run run(std::move(invocation), function->log_format == "JSON", function->timeout_ms);
    run.trace.root = span.root;
    run.trace.parent = span.id;
    run.trace_header = run.trace.header();
    auto real_begin = monotonic_us();
    Outcome outcome = co_await attempt(run);

    InvocationResult result = conclude(run, std::move(outcome));
    co_await write_log(run);
    if (run.lease) pool_.release(run.lease);
    result.duration_us = run.duration_us;
    auto& text = run.log_text;
    result.log_tail = text.size() > limits::log_tail_bytes ? text.substr(text.size() - limits::log_tail_bytes) : text;
    span.ended = world_.clock.now();
    span.real_us = monotonic_us() - real_begin;
    span.outcome = result.failed ? (result.error_type.empty() ? "Unhandled" : result.error_type) : "ok";
    world_.trace.record(std::move(span));
    co_return result;
}

// Runs the event in the first environment that takes it.
Task<Outcome> FunctionHost::attempt(Run& run) {
    auto function = run.invocation.function;
    for (;;) {
        std::string generation = generation_of(*function);
        std::shared_ptr<Lease> lease = co_await pool_.acquire(function, std::move(generation));
        run.lease = lease;
        if (!lease) co_return killed();  // the emulator is closing
        if (run.lease->cold) {
            Outcome ready = co_await initialize(run);
            if (ready.kind != Outcome::Kind::ready) co_return ready;
        }
        auto environment = run.lease->environment;
        if (!std::exchange(run.started, true)) environment->log(run.log.start(run.invocation.request_id, function->version, world_.clock.now()));
        Delivery delivery;
        delivery.request_id = run.invocation.request_id;
        delivery.deadline = world_.clock.wall() + run.remaining_ms;
        delivery.function_arn = run.invocation.invoked_arn;
        delivery.trace = run.trace_header;
        delivery.client_context = run.invocation.client_context;
        delivery.payload = run.invocation.payload;
        run.begun_us = monotonic_us();
        Outcome outcome = co_await environment->run(std::move(delivery), run.remaining_ms);
        run.duration_us += monotonic_us() - run.begun_us;
        if (outcome.kind != Outcome::Kind::not_taken) co_return outcome;
        // Still at work on its own affairs, or just ended: it comes back when it asks for the next event.
        run.started = false;
        environment->take_log();
        pool_.linger(run.lease);
        run.lease = nullptr;
    }
}

// Init of a new environment: at most 10 s; when that fails, once more inside the invocation and under its timeout.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
Task<Outcome> FunctionHost::initialize(Run& run) {
    auto function = run.invocation.function;
    run.lease->cold = false;
    auto begun = monotonic_us();
    auto environment = run.lease->environment;
    Outcome outcome = co_await environment->initialized(limits::init_ms);
    auto init_ms = milliseconds(monotonic_us() - begun);
    if (outcome.kind == Outcome::Kind::ready) {
        run.init_ms = init_ms;
        co_return outcome;
    }
    bool timed_out = outcome.kind == Outcome::Kind::timed_out;
    auto type = outcome.kind == Outcome::Kind::exited ? "Runtime.ExitError" : public_error_type(outcome.type);
    environment->log(run.log.init_report(timed_out ? 9999.99 : init_ms, "init", timed_out ? "timeout" : "error", timed_out ? "" : type, world_.clock.now()));
    co_await write_log(run);
    environment->kill();

    std::string generation = run.lease->generation;
    std::shared_ptr<Lease> lease = co_await pool_.start(function, std::move(generation));
    run.lease = lease;
    if (!lease) co_return killed();
    run.lease->cold = false;
    environment = run.lease->environment;
    environment->log(run.log.start(run.invocation.request_id, function->version, world_.clock.now()));
    run.started = true;
    begun = monotonic_us();
    outcome = co_await environment->initialized(run.remaining_ms);
    auto used_us = monotonic_us() - begun;
    run.duration_us += used_us;
    run.remaining_ms = std::max<std::int64_t>(1, run.remaining_ms - used_us / 1000);
    if (outcome.kind != Outcome::Kind::ready)
        environment->log(run.log.init_report(milliseconds(used_us), "invoke", outcome.kind == Outcome::Kind::timed_out ? "timeout" : "error",
                                             outcome.kind == Outcome::Kind::timed_out ? "" : outcome.kind == Outcome::Kind::exited ? "Runtime.ExitError" : public_error_type(outcome.type),
                                             world_.clock.now()));
    if (outcome.kind == Outcome::Kind::error) environment->kill();
    co_return outcome;
}

// What the caller gets, and the last lines of the log.
InvocationResult FunctionHost::conclude(Run& run, Outcome outcome) {
    using Kind = Outcome::Kind;
    InvocationResult result;
    Report report;
    auto& id = run.invocation.request_id;
    auto& function = *run.invocation.function;
    auto say = [&](std::string line) {
        if (run.lease && !line.empty()) run.lease->environment->log(std::move(line));
    };
    result.failed = outcome.kind != Kind::response;
    switch (outcome.kind) {
        case Kind::response:
            result.payload = std::move(outcome.body);
            result.content_type = std::move(outcome.content_type);
            result.streamed = outcome.streamed;
            break;
        case Kind::error:
            result.error_type = public_error_type(outcome.type);
            result.payload = outcome.body.empty() ? error_document(result.error_type, "") : std::move(outcome.body);
            report.status = "error";
            break;
        case Kind::timed_out: {
            auto text = "Task timed out after " + seconds_text(function.timeout_ms) + " seconds";
            result.error_type = "Sandbox.Timedout";
            result.payload = error_document(result.error_type, "RequestId: " + id + " Error: " + text);
            say(iso8601(world_.clock.now(), true) + " " + id + " " + text);
            report.status = "timeout";
            run.duration_us = function.timeout_ms * 1000;
            break;
        }
        case Kind::too_large:
            result.error_type = "Function.ResponseSizeTooLarge";
            result.payload = error_document(result.error_type, fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).", limits::response_bytes));
            report.status = "error";
            break;
        default: {
            result.error_type = "Runtime.ExitError";
            auto text = "RequestId: " + id + " Error: Runtime exited " + (outcome.type == "exit status 0" ? "without providing a reason" : "with error: " + outcome.type);
            result.payload = error_document(result.error_type, text);
            say(text);
            say("Runtime.ExitError");
            report.status = "error";
            break;
        }
    }
    if (report.status == "error") report.error_type = result.error_type;
    say(run.log.end(id));
    report.request_id = id;
    report.duration_ms = milliseconds(run.duration_us);
    report.memory_mb = function.memory_mb;
    report.used_mb = run.lease ? std::max(1, peak_memory_mb(run.lease->environment->pid())) : 0;
    report.init_ms = run.init_ms;
    say(run.log.report(report, world_.clock.now()));
    return result;
}

Task<> FunctionHost::write_log(Run& run) {
    if (!run.lease) co_return;
    auto& function = *run.invocation.function;
    LogBatch batch;
    batch.partition = function.partition;
    batch.group = function.log_group;
    batch.stream = run.lease->environment->log_stream;
    batch.lines = run.lease->environment->take_log();
    batch.trace = run.trace;
    for (auto& line : batch.lines) run.log_text += line.text + "\n";
    if (!batch.lines.empty() && ports.write_log) co_await ports.write_log(std::move(batch));
}

std::string FunctionHost::generation_of(const FunctionVersion& function) {
    return std::string(function.config.text(generation_member)) + code_.fingerprint(function);
}

// Starts a process for the version. Whatever goes wrong shows as the outcome of its init.
void FunctionHost::launch(Lease& lease, const FunctionVersion& function) {
    auto number = ++launched_;
    auto random = world_.random.derive(0, "environment:" + function.pool());
    auto stream = format_utc(world_.clock.now(), "%Y/%m/%d/") + (function.log_group == "/aws/lambda/" + function.name ? "" : function.name) + "[" +
                  function.version + "]" + random.hex(32);
    lease.environment = std::make_shared<Environment>(world_.runtime, world_.clock, stream);
    lease.environment->log(FunctionLog(function.log_format == "JSON").init_start(runtime_title(function.runtime), world_.clock.now()));
    try {
        namespace fs = std::filesystem;
        LaunchPlace place;
        auto files = world_.partition(function.partition)->files();
        place.task = code_.find(function, ports.node_modules);
        place.runtime = files + "/runtime";
        place.temporary = lease.scratch = files + "/tmp/" + std::to_string(number);
        fs::create_directories(place.runtime);
        fs::create_directories(place.temporary);
        write_bootstraps(place.runtime);
        place.endpoint = world_.options.endpoint;
        place.log_stream = stream;
        place.node_modules = ports.node_modules;
        place.python_path = ports.python_path;
        auto endpoint = ports.serve(lease.environment);
        place.runtime_api = endpoint->address();
        lease.environment->launch(launch_plan(function, place, interpreters_), endpoint);
    } catch (const std::exception& e) {
        lease.environment->fail_init("Runtime.InvalidEntrypoint", e.what());
    }
}

}  // namespace virga
