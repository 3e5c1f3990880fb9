// Any operation of any service as a target: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
#include "apis/protocol/models.hpp"
#include "apis/protocol/wire_time.hpp"
#include "apis/scheduler/invocation.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::scheduler {

namespace {

using model::Kind;
using model::Member;
using model::Shape;

// The SDK's name of a service: its id in lower case without spaces ("cloudwatchlogs", "eventbridge", "sfn").
std::string sdk_name(std::string_view service_id) {
    std::string out;
    for (char c : to_lower(service_id))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    return out;
}

// Members are written with a capital letter, whatever the API's own form is.
Member find_member(const Shape& shape, std::string_view name) {
    if (auto m = shape.find(name)) return m;
    for (std::size_t i = 0; i < shape.member_count(); ++i)
        if (iequals(shape.member(i).name(), name)) return shape.member(i);
    return {nullptr, nullptr};
}

// JSON as the operation's input: names as the model has them, blobs and instants as such.
Value by_shape(const Value& v, const Shape& shape) {
    switch (shape->kind) {
        case Kind::structure: {
            if (!v.is_object()) return v;
            Value out = Object();
            for (const auto& [name, member] : v.as_object())
                if (auto m = find_member(shape, name)) out[m.name()] = by_shape(member, m.shape());
            return out;
        }
        case Kind::list: {
            if (!v.is_array()) return v;
            Array out;
            for (const auto& element : v.as_array()) out.push_back(by_shape(element, shape.element().shape()));
            return out;
        }
        case Kind::map: {
            if (!v.is_object()) return v;
            Value out = Object();
            for (const auto& [name, member] : v.as_object()) out[name] = by_shape(member, shape.value().shape());
            return out;
        }
        case Kind::blob: return v.is_string() ? Value(Bytes{v.as_string()}) : Value(Bytes{json::write(v)});
        case Kind::string: return v.is_string() ? v : Value(json::write(v));  // nested JSON where the API wants a string of it
        case Kind::timestamp:
            if (v.is_string())
                if (auto t = protocol::parse_wire_time(v.as_string(), model::TimeFormat::iso8601)) return Timestamp{*t};
            return v.is_integer() ? Value(Timestamp{v.as_integer() * 1000}) : v;
        default: return v;
    }
}

}  // namespace

const model::Service* find_model(std::string_view service) {
    for (const auto* api : models::all())
        if (sdk_name(api->service_id()) == service) return api;
    return nullptr;
}

std::string operation_name(std::string_view api) {
    std::string name(api);
    name[0] = static_cast<char>(name[0] & ~0x20);
    return name;
}

TargetRequest universal_request(const Partition& from, const Invocation& invocation, std::string input, TraceContext trace) {
    TargetRequest out;
    out.request = input;
    auto rest = std::string_view(invocation.target.text("Arn"));
    rest.remove_prefix(rest.find("aws-sdk:") + 8);
    auto colon = rest.find(':');
    std::string service(rest.substr(0, colon)), operation = operation_name(rest.substr(colon + 1));

    Value request;
    if (!json::try_parse(input, request) || !request.is_object()) {
        out.problem = "The input is not a JSON object.";
        return out;
    }
    std::string id = service;
    std::shared_ptr<ByteSource> body;
    const auto* api = find_model(service);
    if (api) id = api->id();
    if (auto op = api ? api->find(operation) : model::Operation(); op && op.input()) {
        request = by_shape(request, op.input());
        if (auto member = op.streaming_input(); !member.empty() && request.has(member)) {
            if (request[member].is_bytes()) body = std::make_shared<StringSource>(request[member].as_bytes());
            request.as_object().erase(member);
        }
    }
    out.call = service_call(std::move(id), std::move(operation), from.id(), principal, std::move(request), std::move(trace));
    out.call.body = std::move(body);
    return out;
}

}  // namespace virga::scheduler
