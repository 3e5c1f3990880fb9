// HTTP requests to Values and back, by the API model: which service and operation a request means, its input, and the
// answer or error in the protocol the client speaks. Nothing here knows what an operation does.
//
// Order of trust when a request is identified: X-Amz-Target; the smithy-rpc path /service/<id>/operation/<op>; the service of
// the credential scope (Authorization header or presigned query); Host; Action and Version (query string or form); path.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apis/http/message.hpp"
#include "apis/protocol/model.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// What the head of a request (and for awsQuery its body) says.
struct WireRequest {
    const model::Service* service = nullptr;  // null: no service recognised
    model::Protocol protocol{};
    bool cbor = false;           // a JSON service spoken to in CBOR (application/x-amz-cbor-1.1)
    bool plain_json = false;     // a JSON service spoken to as application/json, which is echoed
    bool head = false;           // the method is HEAD: errors have no body
    bool at_the_door = false;    // not POST, or a type of body that the front end does not know: answer_at_the_door
    std::string operation_name;  // as the client named it; "" when a REST path matches nothing
    model::Operation operation;  // false: the model has no such operation
    std::string account = "000000000000", region = "us-east-1", access_key;
    std::string scope_service;  // the service of the credential scope, "" when there is none
    std::string session_token;
    bool has_credential = false, presigned = false;
    bool query_mode = false;  // x-amzn-query-mode: true
    std::string accept_encoding;  // of requests with a target
    std::vector<std::pair<std::string, std::string>> labels;  // REST path labels by member name, decoded
    std::string bucket_from_host;                             // S3 virtual-host addressing
    bool writes_json() const { return !cbor && (protocol == model::Protocol::json_1_0 || protocol == model::Protocol::json_1_1); }
    // The operation is only known from the body (awsQuery): call identify_body when it is there.
    bool needs_body() const { return protocol == model::Protocol::query && operation_name.empty(); }
};

WireRequest identify(const HttpRequest& request, std::span<const model::Service* const> services);
void identify_body(WireRequest& wire, const HttpRequest& request, std::string_view body, std::span<const model::Service* const> services);

// The account an access key belongs to: 12 digits are the account itself, AKIA... and ASIA... carry it, else 000000000000.
std::string account_of_access_key(std::string_view key);

// Whether a text looks like the name of a region, "us-east-1" or "us-gov-west-1": small letters, dashes and a digit at the end.
bool is_region(std::string_view text);

// The input by the model's member names; unknown members are dropped. Throws ApiError (SerializationException and its like) in the
// words of the real service. When the operation has a streaming input member, body is not looked at.
Value decode_input(const WireRequest& wire, const HttpRequest& request, std::string_view body);

// What DynamoDB's front end finds before it looks at the target and at who asks: throws SerializationException for a body that is no JSON.
// No effect on other services.
void check_document(const WireRequest& wire, const HttpRequest& request, std::string_view body);

// has_stream: the output's streaming member is set by the caller on HttpResponse::stream. extra: headers to add.
HttpResponse encode_output(const WireRequest& wire, const Value& output, bool has_stream, const std::string& request_id, const Headers& extra);
// Works whatever is known of the request; without a service it answers as the protocol-less front end does.
HttpResponse encode_error(const WireRequest& wire, const ApiError& error, const std::string& request_id, const Headers& extra);

// DynamoDB's and Kinesis' front ends: a GET of "/" asks DynamoDB whether it is healthy; all else that stops there is 404 <UnknownOperationException/>.
HttpResponse answer_at_the_door(const WireRequest& wire, const HttpRequest& request, const std::string& request_id);

// The error for a request that identify found no operation for, in the service's words: UnknownOperationException, InvalidAction, ...
// A request for a service that is not here: 501, naming it.
ApiError unknown_operation(const WireRequest& wire, const HttpRequest& request);

// Checks the constraints that the model states. Throws ApiError(code, 400, "N validation errors detected: ...").
void validate(const model::Operation& operation, const Value& input, const std::string& code);

}  // namespace virga::protocol
