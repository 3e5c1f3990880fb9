// The public protocol vectors from the server's side: every request is parsed into the client's parameters, every result becomes a
// response equal in meaning to the one the client expects.
#include <doctest/doctest.h>

#include <cstdio>

#include "apis/protocol/wire.hpp"

#ifndef VIRGA_VECTOR_TABLES

TEST_CASE("protocol vectors") { std::puts("skipped: protocol vectors (configure with -DVIRGA_PROTOCOL_VECTORS=<folder>)"); }

#else

#include "apis/protocol/cbor.hpp"
#include "apis/protocol/cbor_codec.hpp"
#include "apis/protocol/json_codec.hpp"
#include "apis/protocol/rest_routes.hpp"
#include "apis/protocol/vectors_support.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::protocol;
using model::Protocol;

namespace {

bool is_cbor(const model::Service& s) { return s.protocol() == Protocol::rpc_v2_cbor; }

HttpRequest request_of(const Value& serialized) {
    HttpRequest r;
    r.method = serialized.text("method");
    r.target = serialized.text("uri");
    for (const auto& h : serialized.object("headers")) r.headers.add(h.name, h.value.as_string());
    return r;
}

WireRequest wire_of(const model::Service& service, std::size_t index) {
    WireRequest wire;
    wire.service = &service;
    wire.protocol = service.protocol();
    wire.operation = service.find("case" + std::to_string(index));
    return wire;
}

bool is_empty(const Value& v) { return (v.is_object() && v.as_object().empty()) || (v.is_array() && v.as_array().empty()); }

// What the wire does not carry: idempotency tokens are filled in by clients; an empty collection outside the body leaves no trace, an
// absent payload is sent as an empty one; and a map of query parameters takes those of other members too, which not every vector says.
void level(Value& decoded, Value& expected, model::Shape shape) {
    if (!shape) return;
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        model::Member m = shape.member(i);
        std::string name(m.name());
        if (m->idempotency_token && !expected.has(name)) decoded.as_object().erase(name);
        if (m->location != model::Location::body && is_empty(expected[name]) && !decoded.has(name)) expected.as_object().erase(name);
        if (m->location == model::Location::payload && is_empty(decoded[name]) && !expected.has(name)) decoded.as_object().erase(name);
        if (m->location == model::Location::query_string && m.shape().kind() == model::Kind::map && decoded.has(name))
            for (std::size_t k = 0; k < shape.member_count(); ++k)
                if (std::string wire(shape.member(k).wire_name()); !expected[name].has(wire)) decoded[name].as_object().erase(wire);
        if (m->location == model::Location::query_string && is_empty(decoded[name]) && !expected.has(name)) decoded.as_object().erase(name);
    }
}

void check_input(const model::Service& service, std::size_t index, const Value& test) {
    WireRequest wire = wire_of(service, index);
    const Value& serialized = test["serialized"];
    HttpRequest request = request_of(serialized);
    wire.operation_name = test["given"].text("name");
    if (wire.protocol == Protocol::rest_json || wire.protocol == Protocol::rest_xml) {
        RestRoute route = route_rest(service, request.method, request.path(), request.query(), request.headers);
        REQUIRE(route.operation);
        CHECK(route.operation.uri() == wire.operation.uri());
        wire.labels = route.labels;
    }
    std::string body(serialized.text("body"));
    if (is_cbor(service)) body = base64_decode(body).value();
    Value decoded = decode_input(wire, request, body);
    Value expected = wire.operation.input() ? vectors::typed(test["params"], wire.operation.input()) : Value(Object());
    // A streaming payload does not go through the decoder.
    if (wire.operation.input()) expected.as_object().erase(std::string(wire.operation.streaming_input()));
    level(decoded, expected, wire.operation.input());
    CHECK_MESSAGE(vectors::same(decoded, expected), "decoded ", json::write(decoded), " expected ", json::write(expected));
}

void check_headers(const HttpResponse& response, const Value& expected) {
    for (const auto& h : expected.object("headers")) {
        if (iequals(h.name, "content-length")) continue;  // the server's affair
        if (iequals(h.name, "content-type") && response.body.empty()) continue;
        std::string_view got = response.headers.get(h.name);
        if (iequals(h.name, "x-amzn-errortype")) {  // services may decorate it: "aws.x#FooError:http://..."
            std::string_view want = h.value.as_string();
            want = want.substr(0, want.find(':'));
            want.remove_prefix(want.find('#') == std::string_view::npos ? 0 : want.find('#') + 1);
            CHECK(got == want);
        } else {
            CHECK_MESSAGE(got == h.value.as_string(), h.name, ": ", std::string(got), " expected ", h.value.as_string());
        }
    }
}

Value parsed(const model::Service& service, const std::string& body) {
    if (body.empty()) return Object();
    if (!is_cbor(service)) return json::parse(body);
    cbor::Reader reader(body);
    return reader.value();
}

// "aws.protocoltests#FooError:http://...", "FooError": clients take the name alone.
Value plain_type(Value v) {
    for (const char* name : {"__type", "code"}) {
        if (!v.has(name) || !v[name].is_string()) continue;
        std::string_view t = v[name].as_string();
        t = t.substr(0, t.find(':'));
        t.remove_prefix(t.find('#') == std::string_view::npos ? 0 : t.find('#') + 1);
        v[name] = Value(t);
    }
    return v;
}

Value as_output(const model::Service& service, model::Shape output, const std::string& body) {
    return is_cbor(service) ? decode_cbor_body(output, body, CborTimes::seconds) : decode_json_body(output, body, TypeErrors::coral);
}

void check_body(const model::Service& service, const HttpResponse& response, std::string expected, bool error, model::Shape output) {
    if (is_cbor(service)) expected = base64_decode(expected).value();
    bool xml = service.protocol() == Protocol::query || service.protocol() == Protocol::rest_xml;
    if (expected.starts_with('<') || (xml && response.body.starts_with('<'))) {
        bool query = service.protocol() == Protocol::query;
        if (query && expected.empty()) return;  // real services always answer with the envelope
        CHECK_MESSAGE(vectors::same_xml(response.body, expected, error ? model::Shape() : output, query), response.body, " expected ", expected);
        return;
    }
    bool json = !response.body.empty() && (is_cbor(service) || response.headers.get("content-type").find("json") != std::string_view::npos);
    if (!json && !response.body.empty()) {
        CHECK(response.body == expected);
        return;
    }
    Value got = parsed(service, response.body), want = parsed(service, expected);
    if (error) {
        got = plain_type(got);
        want = plain_type(want);
        // The type may be told by a header or by `code` instead.
        for (const char* name : {"__type", "code"}) got.as_object().erase(name), want.as_object().erase(name);
    }
    // Times with an offset, members only a client must ignore: equal once read by the model.
    bool equal = vectors::same(got, want) || (!error && output && !output.payload() && vectors::same(as_output(service, output, response.body), as_output(service, output, expected)));
    CHECK_MESSAGE(equal, json::write(got), " expected ", json::write(want));
}

// The id the vector's headers have, so that they compare.
std::string request_id(const Value& expected) {
    for (const auto& h : expected.object("headers"))
        if (iequals(h.name, "x-amzn-requestid")) return h.value.as_string();
    return "requestid";
}

void check_output(const model::Service& service, std::size_t index, const Value& test) {
    WireRequest wire = wire_of(service, index);
    wire.operation_name = test["given"].text("name");
    const Value& expected = test["response"];
    HttpResponse response;
    bool error = test.has("errorCode");
    if (error) {
        model::Shape shape = wire.operation.error(0);
        if (model::Shape named = service.find_error(test.text("errorCode"))) shape = named;
        Value fields = vectors::typed(test["error"], shape);
        std::string message(test.text("errorMessage", test["error"].text("message", test["error"].text("Message"))));
        for (const char* name : {"message", "Message"}) fields.as_object().erase(name);
        response = encode_error(wire, ApiError(std::string(shape.name()), static_cast<int>(expected.integer("status_code")), message, fields.as_object()), "foo-id", {});
    } else {
        model::Shape shape = wire.operation.output();
        Value result = shape ? vectors::typed(test["result"], shape) : Value(Object());
        response = encode_output(wire, result, false, request_id(expected), {});
    }
    CHECK(response.status == expected.integer("status_code"));
    check_headers(response, expected);
    check_body(service, response, std::string(expected.text("body")), error, wire.operation.output());
}

void run(const std::string& direction, void (*check)(const model::Service&, std::size_t, const Value&)) {
    int done = 0, skipped = 0;
    for (const char* suite : vectors::suites) {
        std::string file = direction + "/" + suite + ".json";
        Value content = vectors::read_file(file);
        for (std::size_t i = 0; i < content.as_array().size(); ++i) {
            const model::Service* service = models::vector_suite(file + "#" + std::to_string(i));
            REQUIRE(service);
            const Array& cases = content.as_array()[i].list("cases");
            for (std::size_t k = 0; k < cases.size(); ++k) {
                std::string id(cases[k].text("id"));
                if (std::string_view reason = vectors::skip_reason(direction, id); !reason.empty()) {
                    std::printf("skipped: %s %s: %s\n", file.c_str(), id.c_str(), std::string(reason).c_str());
                    ++skipped;
                    continue;
                }
                CAPTURE(file);
                CAPTURE(id);
                try {
                    check(*service, k, cases[k]);
                } catch (const ApiError& e) {
                    FAIL_CHECK(e.code, ": ", e.message);
                } catch (const std::exception& e) {
                    FAIL_CHECK(e.what());
                }
                ++done;
            }
        }
    }
    std::printf("protocol vectors, %s: %d cases, %d skipped\n", direction.c_str(), done, skipped);
}

}  // namespace

TEST_CASE("protocol vectors: requests") { run("input", check_input); }
TEST_CASE("protocol vectors: responses") { run("output", check_output); }

#endif
