#include "apis/protocol/wire.hpp"

#include "apis/protocol/codecs.hpp"
#include "apis/protocol/json_codec.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::protocol {

using model::Protocol;
using model::Shape;

bool is_json(Protocol p) { return p == Protocol::json_1_0 || p == Protocol::json_1_1; }

std::string_view json_content_type(const WireRequest& wire) {
    if (wire.cbor) return "application/x-amz-cbor-1.1";
    if (wire.plain_json) return "application/json";
    return wire.protocol == Protocol::json_1_1 ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0";
}

namespace {

// These front ends refuse an empty body even where no member is required (as observed).
bool is_dynamodb(std::string_view service) { return service == "dynamodb" || service == "streams.dynamodb"; }
bool refuses_empty(std::string_view service) { return is_dynamodb(service) || service == "kinesis"; }

Value decode_json(const WireRequest& wire, std::string_view body) {
    Shape input = wire.operation.input();
    bool kinesis = wire.service->id() == "kinesis";
    if (body.empty() && refuses_empty(wire.service->id())) throw ApiError("SerializationException", 400, "");
    if (!input) return Object();
    return decode_json_body(input, body, kinesis ? TypeErrors::kinesis : TypeErrors::coral);
}

HttpResponse encode_json_output(const WireRequest& wire, const Value& output, bool has_stream) {
    HttpResponse response;
    if (has_stream) {  // event streams are JSON inside even where the client speaks CBOR
        response.headers.add("Content-Type", "application/vnd.amazon.eventstream");
        return response;
    }
    Shape shape = wire.operation.output();
    if (shape && wire.cbor) encode_cbor_body(response.body, output, shape, CborTimes::milliseconds);
    else if (shape) encode_json_body(response.body, output, shape);
    response.headers.add("Content-Type", std::string(json_content_type(wire)));
    return response;
}

}  // namespace

Value decode_input(const WireRequest& wire, const HttpRequest& request, std::string_view body) {
    std::string inflated;
    body = inflate_body(request, body, inflated);
    switch (wire.protocol) {
        case Protocol::json_1_0:
        case Protocol::json_1_1:
            return wire.cbor ? decode_cbor_body(wire.operation.input(), body, CborTimes::milliseconds) : decode_json(wire, body);
        case Protocol::rpc_v2_cbor: return decode_cbor_body(wire.operation.input(), body, CborTimes::seconds);
        case Protocol::query:
        case Protocol::ec2: return decode_query(wire.operation.input(), request.query(), body);
        case Protocol::rest_json:
        case Protocol::rest_xml: return decode_rest(wire, request, body);
    }
    return Object();
}

void check_document(const WireRequest& wire, const HttpRequest& request, std::string_view body) {
    if (!wire.service || !is_dynamodb(wire.service->id())) return;
    std::string inflated;
    Value ignored;
    if (!json::try_parse(inflate_body(request, body, inflated), ignored)) throw ApiError("SerializationException", 400, "");
}

HttpResponse encode_output(const WireRequest& wire, const Value& output, bool has_stream, const std::string& request_id, const Headers& extra) {
    HttpResponse response;
    switch (wire.protocol) {
        case Protocol::json_1_0:
        case Protocol::json_1_1: response = encode_json_output(wire, output, has_stream); break;
        case Protocol::rpc_v2_cbor:
            if (Shape shape = wire.operation.output()) {
                encode_cbor_body(response.body, output, shape, CborTimes::seconds);
                response.headers.add("Content-Type", "application/cbor");
            }
            response.headers.add("smithy-protocol", "rpc-v2-cbor");
            break;
        case Protocol::query:
        case Protocol::ec2: response = encode_query(wire, output, request_id); break;
        case Protocol::rest_json:
        case Protocol::rest_xml: response = encode_rest(wire, output, has_stream); break;
    }
    finish_response(wire, response, request_id, extra);
    return response;
}

void finish_response(const WireRequest& wire, HttpResponse& response, const std::string& request_id, const Headers& extra) {
    std::string_view id = wire.service ? wire.service->id() : std::string_view();
    if (id == "s3") {
        response.headers.set("x-amz-request-id", request_id);
        response.headers.set("x-amz-id-2", host_id(request_id));
    } else {
        response.headers.add("x-amzn-RequestId", request_id);
        if (id == "kinesis") response.headers.set("x-amz-id-2", base64_encode(sha256(request_id) + sha256(request_id)));  // 64 to 80 bytes (observed)
    }
    if (is_dynamodb(id)) {
        compress_body(wire.accept_encoding, response);
        response.headers.add("x-amz-crc32", std::to_string(crc32(response.body)));  // of the body as it is sent
    }
    for (const auto& [name, value] : extra) response.headers.set(name, value);
}

// S3's second id says which host answered; ours follows from the request's id, so that a seed gives the same bytes.
std::string host_id(const std::string& request_id) {
    std::string bytes = sha256(request_id);
    return base64_encode(bytes + sha1(bytes).substr(0, 15));
}

}  // namespace virga::protocol
