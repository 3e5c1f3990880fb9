// What happens to every call, from wherever it comes: DESIGN 3, Dispatcher.
#include <cstdio>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/dispatch/request_id.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/json.hpp"

namespace virga {

namespace {

// The input members that name what a call acts on, in the order of their telling power. Faults match on it before the
// operation runs; the operation may replace it by an ARN for the trace.
constexpr std::string_view resource_members[] = {"TableName", "StreamName",  "StreamARN", "QueueUrl",   "QueueName",    "FunctionName", "EventBusName", "Bucket",
                                                 "TargetArn", "ResourceArn", "RoleName",  "PolicyName", "logGroupName", "restApiId",    "TopicArn",     "KeyId",
                                                 "Name"};

std::string_view resource_of(const Value& input) {
    for (std::string_view member : resource_members)
        if (const Value* v = input.find(member); v && v->is_string()) return v->as_string();
    return {};
}

ApiError not_implemented(std::string_view service, std::string_view operation) {
    return ApiError("NotImplemented", 501, "virga does not implement " + std::string(service) + ":" + std::string(operation) + ".");
}

ApiError unknown_operation(const std::string& operation) {
    return ApiError("UnknownOperationException", 400, operation.empty() ? std::string() : "The operation " + operation + " is not known.");
}

Random call_random(World& world, const Call& call) {
    if (!world.random.seeded()) return world.random.derive(0, {});
    std::string what = call.partition.account + '/' + call.partition.region + '/' + call.service + '/' + call.operation + '/' + json::write(call.input);
    return world.random.derive(call.trace.parent, what);
}

// Of a call that does not come to its operation; `api`: its service's, if there is one.
void refuse(World& world, const Call& call, const ServiceApi* api, ApiError error, const std::function<void(Reply)>& done) {
    Reply reply;
    Random random = call_random(world, call);
    reply.request_id = make_request_id(api ? api->request_id_form : RequestIdForm::uuid, random);
    reply.error.emplace(std::move(error));
    done(std::move(reply));
}

}  // namespace

std::string make_request_id(RequestIdForm form, Random& random) {
    switch (form) {
        case RequestIdForm::upper_52: return random.alnum_upper(52);
        case RequestIdForm::s3: return random.text(16, "0123456789ABCDEF");
        case RequestIdForm::uuid: break;
    }
    return random.uuid();
}

struct Dispatcher::InFlight {
    InFlight(World& world, std::shared_ptr<Partition> partition, Call&& c, std::function<void(Reply)> d)
        : call(std::move(c)), context{world, std::move(partition), call, call_random(world, call), {}, 0, {}}, done(std::move(d)) {}

    Call call;
    Context context;
    std::function<void(Reply)> done;
    TimeMs started = 0;
    std::int64_t real_us = 0;
    const ServiceApi* api = nullptr;

    void finish(Reply reply) {
        World& world = context.world;
        reply.request_id = std::move(context.request_id);
        SpanText span;
        span.id = context.span;
        span.parent = call.trace.parent;
        span.root = call.trace.root;
        span.kind = "call";
        span.service = call.service;
        span.operation = call.operation;
        span.resource = context.resource;
        span.account = call.partition.account;
        span.region = call.partition.region;
        span.started = started;
        span.ended = world.clock.now();
        span.real_us = monotonic_us() - real_us;
        span.outcome = reply.error ? std::string_view(reply.error->code) : "ok";
        world.trace.record(span);
        done(std::move(reply));
    }

    void fail(std::exception_ptr error) {
        Reply reply;
        try {
            std::rethrow_exception(error);
        } catch (ApiError& e) {
            reply.error.emplace(std::move(e));
        } catch (const std::exception& e) {
            std::fprintf(stderr, "virga: %s:%s failed, request %s: %s\n", call.service.c_str(), call.operation.c_str(), context.request_id.c_str(), e.what());
            reply.error.emplace(api->internal_error_code, 500, "The request processing has failed because of an internal error (request " + context.request_id + ").");
        }
        finish(std::move(reply));
    }
};

void Dispatcher::perform(Call call, std::function<void(Reply)> done) {
    ServiceApi* api = find_service(call.service);
    model::Operation op = api ? api->model().find(call.operation) : model::Operation();
    if (op) return perform(std::move(call), *api, op, std::move(done));
    refuse(world_, call, api, api ? unknown_operation(call.operation) : not_implemented(call.service, call.operation), done);
}

void Dispatcher::perform(Call&& call, ServiceApi& api, model::Operation op, std::function<void(Reply)> done) {
    std::shared_ptr<Partition> partition;
    try {
        partition = world_.partition(call.partition);
    } catch (const std::exception& e) {
        return refuse(world_, call, &api, ApiError(api.internal_error_code, 500, e.what()), done);
    }
    auto flight = std::make_shared<InFlight>(world_, std::move(partition), std::move(call), std::move(done));
    Context& context = flight->context;
    flight->started = world_.clock.now();
    flight->real_us = monotonic_us();
    flight->api = &api;
    context.request_id = make_request_id(api.request_id_form, context.random);
    context.span = context.random.next() | 1;
    if (flight->call.trace.root.empty()) flight->call.trace.root = new_trace_root(flight->started, context.random.next(), context.random.next());
    context.resource = resource_of(flight->call.input);

    const ServiceApi::Entry& entry = api.entries_[op.index()];
    const Value& input = flight->call.input;
    try {
        if (!api.implements(op)) throw not_implemented(flight->call.service, flight->call.operation);
        if (api.before_validation) api.before_validation(op, input);
        if (api.validates) protocol::validate(op, input, api.validation_code);
        if (auto fault = world_.faults.strike(context.account(), context.region(), flight->call.service, flight->call.operation, context.resource, context.random))
            throw *fault;
        if (entry.sync) {
            Reply reply;
            reply.output = entry.sync(context, input);
            return flight->finish(std::move(reply));
        }
        if (entry.async) {
            start_with_result(entry.async(context, input), [flight](std::exception_ptr error, std::optional<Value> output) {
                if (error) return flight->fail(error);
                Reply reply;
                reply.output = std::move(*output);
                flight->finish(std::move(reply));
            });
            return;
        }
        start_with_result(entry.stream(context, input), [flight](std::exception_ptr error, std::optional<Reply> reply) {
            if (error) return flight->fail(error);
            flight->finish(std::move(*reply));
        });
    } catch (...) {
        flight->fail(std::current_exception());
    }
}

Task<Reply> Dispatcher::call(Call call) {
    Reply reply = co_await callback<Reply>([this, &call](auto resume) { perform(std::move(call), [resume](Reply r) mutable { resume(std::move(r)); }); });
    co_return reply;
}

}  // namespace virga
