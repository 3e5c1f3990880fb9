// Errors in each protocol's envelope, with the names and headers the real services use.
#include <algorithm>
#include <array>
#include <optional>

#include "apis/protocol/codecs.hpp"
#include "apis/protocol/json_codec.hpp"
#include "apis/protocol/xml_writer.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::protocol {

using model::Member;
using model::Protocol;
using model::Shape;

namespace {

// Errors of the framework in front of every JSON service, not of the service itself.
bool is_framework_error(std::string_view code) {
    static constexpr std::array<std::string_view, 12> codes{
        "SerializationException", "UnknownOperationException", "MissingAuthenticationTokenException", "IncompleteSignatureException",
        "UnrecognizedClientException", "InvalidSignatureException", "AccessDeniedException", "MissingAuthenticationToken",
        "ExpiredTokenException", "InternalFailure", "ServiceUnavailableException", "OptInRequired"};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// The wire code of an error the service knows by another name (SQS: QueueDoesNotExist in JSON, a longer one in Query).
std::string json_type(const WireRequest& wire, const ApiError& error, Shape shape) {
    std::string name = shape && wire.service->query_compatible() ? std::string(shape.name()) : error.code;
    std::string_view id = wire.service ? wire.service->id() : std::string_view();
    if (id == "kinesis") return name;
    if (name == "SerializationException") return "com.amazon.coral.service#" + name;
    if (id == "dynamodb" || id == "streams.dynamodb") {
        if (name == "ValidationException") return "com.amazon.coral.validate#" + name;
        return (is_framework_error(name) ? "com.amazon.coral.service#" : "com.amazonaws.dynamodb.v20120810#") + name;
    }
    if (id == "sqs") return (shape ? "com.amazonaws.sqs#" : "com.amazon.coral.service#") + name;
    return name;
}

// Codes of SQS's front end, in JSON and in the Query form (SQS API Reference, Common Errors).
std::string query_code(const ApiError& error, Shape shape) {
    if (shape && shape->error_code != model::none) return std::string(shape.text(shape->error_code));
    if (error.code == "InvalidParameterValueException") return "InvalidParameterValue";
    if (error.code == "MissingRequiredParameterException") return "MissingParameter";
    if (error.code == "AccessDeniedException") return "AccessDenied";
    return error.code;
}

bool is_sender(const ApiError& error, Shape shape) { return (shape && shape->sender_fault) || error.status < 500; }

// The member for the message: models write "message" or "Message".
std::string_view message_member(const ApiError& error, Shape shape) {
    if (error.code == "SerializationException") return "Message";
    if (shape)
        for (std::size_t i = 0; i < shape.member_count(); ++i)
            if (iequals(shape.member(i).name(), "message")) return shape.member(i).wire_name();
    return "message";
}

// The members of a JSON error after the type: the message, then the fields.
void append_json_members(std::string& out, const ApiError& error, Shape shape, bool first) {
    auto name = [&](std::string_view n) {
        if (!first) out.push_back(',');
        first = false;
        json::write_string(out, n);
        out.push_back(':');
    };
    if (!error.message.empty()) {
        name(message_member(error, shape));
        json::write_string(out, error.message);
    }
    for (const auto& f : error.fields) {
        Member m = shape ? shape.find(f.name) : Member{nullptr, nullptr};
        if (m && m->location != model::Location::body) continue;
        name(m ? m.wire_name() : std::string_view(f.name));
        if (m) encode_json(out, f.value, m.shape(), m.d);
        else json::write_to(out, f.value);
    }
}

HttpResponse json_error(const WireRequest& wire, const ApiError& error, Shape shape) {
    HttpResponse r;
    r.status = error.status;
    bool query_compatible = wire.service && wire.service->query_compatible();
    // SDKs that know the Query form ask for its status codes too.
    if (query_compatible && error.status < 500) r.status = wire.query_mode && shape && shape->error_status ? shape->error_status : 400;
    if (query_compatible) r.headers.add("x-amzn-query-error", query_code(error, shape) + (is_sender(error, shape) ? ";Sender" : ";Receiver"));
    std::string type = json_type(wire, error, shape);
    if (wire.cbor || wire.protocol == Protocol::rpc_v2_cbor) {
        encode_cbor_error(r.body, type, message_member(error, shape), error, shape, wire.cbor ? CborTimes::milliseconds : CborTimes::seconds);
        r.headers.add("Content-Type", wire.cbor ? "application/x-amz-cbor-1.1" : "application/cbor");
        if (!wire.cbor) r.headers.add("smithy-protocol", "rpc-v2-cbor");
        return r;
    }
    r.headers.add("Content-Type", std::string(json_content_type(wire)));
    std::string_view id = wire.service ? wire.service->id() : std::string_view();
    if (id != "dynamodb" && id != "streams.dynamodb") r.headers.add("x-amzn-ErrorType", error.code);
    r.body = "{\"__type\":";
    json::write_string(r.body, type);
    append_json_members(r.body, error, shape, false);
    r.body.push_back('}');
    return r;
}

HttpResponse rest_json_error(const WireRequest& wire, const ApiError& error, Shape shape) {
    HttpResponse r;
    r.status = error.status;
    r.headers.add("Content-Type", "application/json");
    r.headers.add("x-amzn-ErrorType", error.code);
    if (shape) add_error_headers(r.headers, error, shape);
    r.body = "{";
    bool typed = wire.service && wire.service->id() == "lambda" && !error.fields.contains("Type");
    if (typed) r.body += error.status >= 500 ? "\"Type\":\"Service\"" : "\"Type\":\"User\"";
    // Lambda's own errors say Message, API Gateway's message; the models agree save for errors they do not list.
    if (!shape && typed && !error.message.empty()) {
        r.body += ",\"Message\":";
        json::write_string(r.body, error.message);
    } else {
        append_json_members(r.body, error, shape, !typed);
    }
    r.body.push_back('}');
    return r;
}

void append_xml_fields(XmlWriter& xml, const ApiError& error, Shape shape) {
    for (const auto& f : error.fields) {
        Member m = shape ? shape.find(f.name) : Member{nullptr, nullptr};
        if (m && m->location != model::Location::body) continue;
        if (m) xml.member(m, f.value);
        else xml.plain(f.name, f.value);
    }
}

HttpResponse query_error(const WireRequest& wire, const ApiError& error, Shape shape, const std::string& request_id) {
    HttpResponse r;
    r.status = shape && shape->error_status && wire.service->query_compatible() ? shape->error_status : error.status;
    r.headers.add("Content-Type", "text/xml");
    XmlWriter xml(r.body, true);
    xml.declaration();
    xml.open("ErrorResponse", wire.service ? wire.service->xml_namespace() : std::string_view());
    xml.open("Error");
    xml.text_element("Type", is_sender(error, shape) ? "Sender" : "Receiver");
    xml.text_element("Code", query_code(error, shape));
    if (!error.message.empty()) xml.text_element("Message", error.message);
    append_xml_fields(xml, error, shape);
    if (wire.service && wire.service->id() == "sqs") xml.text_element("Detail", "");
    xml.close("Error");
    xml.text_element("RequestId", request_id);
    xml.close("ErrorResponse");
    return r;
}

// S3: a bare <Error>; nothing at all for HEAD.
HttpResponse s3_error(const WireRequest& wire, const ApiError& error, Shape shape, const std::string& request_id) {
    HttpResponse r;
    r.status = error.status;
    if (wire.head || error.status == 304) return r;
    r.headers.add("Content-Type", "application/xml");
    XmlWriter xml(r.body, false);
    xml.declaration();
    xml.open("Error");
    xml.text_element("Code", error.code);
    xml.text_element("Message", error.message);
    append_xml_fields(xml, error, shape);
    xml.text_element("RequestId", request_id);
    xml.text_element("HostId", host_id(request_id));
    xml.close("Error");
    return r;
}

HttpResponse rest_xml_error(const WireRequest& wire, const ApiError& error, Shape shape, const std::string& request_id) {
    HttpResponse r;
    r.status = error.status;
    r.headers.add("Content-Type", "application/xml");
    if (shape) add_error_headers(r.headers, error, shape);
    XmlWriter xml(r.body, false);
    xml.open("ErrorResponse", wire.service->xml_namespace());
    xml.open("Error");
    xml.text_element("Type", is_sender(error, shape) ? "Sender" : "Receiver");
    xml.text_element("Code", query_code(error, shape));
    if (!error.message.empty()) xml.text_element("Message", error.message);
    append_xml_fields(xml, error, shape);
    xml.close("Error");
    xml.text_element("RequestId", request_id);
    xml.close("ErrorResponse");
    return r;
}

}  // namespace

HttpResponse encode_error(const WireRequest& wire, const ApiError& error, const std::string& request_id, const Headers& extra) {
    Shape shape = wire.service ? wire.service->find_error(error.code) : Shape();
    HttpResponse response;
    switch (wire.protocol) {
        case Protocol::json_1_0:
        case Protocol::json_1_1:
        case Protocol::rpc_v2_cbor: response = json_error(wire, error, shape); break;
        case Protocol::rest_json: response = rest_json_error(wire, error, shape); break;
        case Protocol::query:
        case Protocol::ec2: response = query_error(wire, error, shape, request_id); break;
        case Protocol::rest_xml:
            response = !wire.service || wire.service->id() == "s3" ? s3_error(wire, error, shape, request_id) : rest_xml_error(wire, error, shape, request_id);
            break;
    }
    finish_response(wire, response, request_id, extra);
    return response;
}

namespace {

ApiError not_here(std::string_view what) { return ApiError("NotImplemented", 501, "virga does not implement " + std::string(what) + "."); }

// Requests of real APIs that have no operation in the models: 501, by name.
std::optional<ApiError> known_but_not_here(const WireRequest& wire, const HttpRequest& request) {
    std::string_view target = request.headers.get("x-amz-target");
    if (!wire.service && (!target.empty() || !wire.scope_service.empty())) {
        std::string what = wire.scope_service.empty() ? std::string(target) : wire.scope_service;
        if (!wire.operation_name.empty() && !wire.scope_service.empty()) what += ":" + wire.operation_name;
        return not_here(what);
    }
    if (!wire.service) return std::nullopt;
    if (wire.service->id() == "apigateway" && request.path().starts_with("/v2/")) return not_here("apigatewayv2");
    bool form = starts_with_i(request.headers.get("content-type"), "multipart/form-data");
    if (wire.service->id() == "s3" && request.method == "POST" && form) return not_here("s3:PostObject");
    return std::nullopt;
}

// Whether the query has a parameter that the URI of some operation names: "acl", "versions".
bool names_sub_resource(const model::Service& service, std::string_view query) {
    for (const auto& [name, value] : parse_query(query)) {
        if (name == "x-id") continue;
        for (std::size_t i = 0; i < service.operation_count(); ++i) {
            std::string_view uri = service.operation(i).uri();
            std::size_t mark = uri.find('?');
            if (mark == std::string_view::npos) continue;
            std::string_view literal = uri.substr(mark + 1);
            if (literal.substr(0, literal.find_first_of("=&")) == name) return true;
        }
    }
    return false;
}

// A method that the service, a bucket or an object does not have. A POST to a bucket is taken for a form.
ApiError no_s3_operation(const WireRequest& wire, const HttpRequest& request) {
    std::string_view key = request.path();
    if (key.starts_with('/')) key.remove_prefix(1);
    bool bucket = !wire.bucket_from_host.empty();
    if (!bucket) {
        std::size_t end = key.find('/');
        bucket = !key.empty();
        key = end == std::string_view::npos ? std::string_view() : key.substr(end + 1);
    }
    if (request.method == "POST" && bucket && key.empty() && !names_sub_resource(*wire.service, request.query()))
        return ApiError("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold",
                        Object{{"Condition", "Bucket POST must be of the enclosure-type multipart/form-data"}});
    return ApiError("MethodNotAllowed", 405, "The specified method is not allowed against this resource.",
                    Object{{"Method", request.method}, {"ResourceType", !bucket ? "SERVICE" : key.empty() ? "BUCKET" : "OBJECT"}});
}

}  // namespace

ApiError unknown_operation(const WireRequest& wire, const HttpRequest& request) {
    if (auto refused = known_but_not_here(wire, request)) return *refused;
    switch (wire.protocol) {
        case Protocol::query:
        case Protocol::ec2: {
            if (wire.operation_name.empty()) return ApiError("MissingAction", 400, "The request is missing an Action parameter.");
            std::string version = wire.service ? std::string(wire.service->api_version()) : std::string();
            return ApiError("InvalidAction", 400, "Could not find operation " + wire.operation_name + " for version " + version);
        }
        case Protocol::rest_json:
            if (wire.service && wire.service->id() == "apigateway") return ApiError("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
            return ApiError("UnknownOperationException", 404, "");
        case Protocol::rest_xml:
            if (!wire.service) return ApiError("UnknownOperationException", 404, "No service is recognised in this request.");
            return no_s3_operation(wire, request);
        default: return ApiError("UnknownOperationException", 400, "");
    }
}

}  // namespace virga::protocol
