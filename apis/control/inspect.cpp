// /_virga/operations, /_virga/trace and /_virga/faults.
#include <algorithm>
#include <charconv>

#include "apis/control/control.hpp"

namespace virga {

Value operations_document(const Dispatcher& dispatcher) {
    Array services;
    for (const ServiceApi* s : dispatcher.services()) {
        Array done, missing;
        for (std::size_t i = 0; i < s->model().operation_count(); ++i) {
            model::Operation op = s->model().operation(i);
            (s->implements(op) ? done : missing).push_back(op.name());
        }
        services.push_back(Object{{"service", s->model().id()}, {"name", s->model().service_id()}, {"implemented", std::move(done)}, {"missing", std::move(missing)}});
    }
    return Object{{"services", std::move(services)}};
}

Value trace_query(World& world, const ControlRequest& request) {
    std::size_t limit = 100;
    if (std::string_view l = request.parameter("limit"); !l.empty()) {
        auto r = std::from_chars(l.data(), l.data() + l.size(), limit);
        if (r.ec != std::errc() || r.ptr != l.data() + l.size() || limit == 0 || limit > 10'000)
            throw ControlError(400, "limit: a number from 1 to 10000 is expected");
    }
    if (!request.rest.empty()) {
        Value tree = world.trace.tree(request.rest);
        if (tree.as_array().empty()) throw ControlError(404, "no trace " + request.rest + " is known (the newest are kept)");
        return Object{{"trace", request.rest}, {"tree", std::move(tree)}};
    }
    std::string_view resource = request.parameter("resource");
    Array spans;
    for (const Span& s : resource.empty() ? world.trace.newest(limit) : world.trace.by_resource(resource, limit)) spans.push_back(span_document(s));
    return Object{{"spans", std::move(spans)}};
}

namespace {

Value fault_document(const Fault& f) {
    return Object{{"id", static_cast<std::int64_t>(f.id)}, {"account", f.account}, {"region", f.region}, {"service", f.service}, {"operation", f.operation},
                  {"resource", f.resource}, {"probability", f.probability}, {"remaining", f.remaining}, {"skip", f.skip}, {"code", f.code},
                  {"status", f.status}, {"message", f.message}, {"struck", f.struck}};
}

}  // namespace

Value faults_list(World& world) {
    Array list;
    for (const Fault& f : world.faults.list()) list.push_back(fault_document(f));
    return Object{{"faults", std::move(list)}};
}

Value faults_add(World& world, const Value& body) {
    if (!body.is_object()) throw ControlError(400, "a fault is a JSON object");
    static constexpr std::string_view known[] = {"account", "region", "service", "operation", "resource", "probability", "count", "skip", "code", "status", "message"};
    for (const auto& m : body.as_object())
        if (std::find(std::begin(known), std::end(known), m.name) == std::end(known)) throw ControlError(400, m.name + " is no member of a fault");
    Fault f;
    f.account = body.text("account");
    f.region = body.text("region");
    f.service = body.text("service");
    f.operation = body.text("operation");
    f.resource = body.text("resource");
    f.code = body.text("code", "InternalFailure");
    f.message = body.text("message", "A fault was set for this call.");
    f.status = static_cast<int>(body.integer("status", 500));
    f.skip = body.integer("skip");
    f.remaining = body.integer("count", -1);
    if (body.has("probability")) {
        if (!body["probability"].is_number()) throw ControlError(400, "probability: a number from 0 to 1 is expected");
        f.probability = body["probability"].as_double();
    }
    if (f.probability < 0 || f.probability > 1) throw ControlError(400, "probability: a number from 0 to 1 is expected");
    if (f.status < 400 || f.status > 599) throw ControlError(400, "status: a number from 400 to 599 is expected");
    if (f.remaining < -1 || f.skip < 0) throw ControlError(400, "count and skip: numbers from 0 are expected");
    f.id = world.faults.add(f);
    return fault_document(f);
}

Value faults_remove(World& world, const std::string& id) {
    if (id.empty()) {
        world.faults.clear();
        return Object{{"faults", Array{}}};
    }
    std::uint64_t n = 0;
    auto r = std::from_chars(id.data(), id.data() + id.size(), n);
    if (r.ec != std::errc() || r.ptr != id.data() + id.size() || !world.faults.remove(n)) throw ControlError(404, "there is no fault " + id);
    return faults_list(world);
}

}  // namespace virga
