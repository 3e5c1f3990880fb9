// What the front ends of DynamoDB and Kinesis answer before they look for an operation.
#include "apis/protocol/codecs.hpp"
#include "apis/protocol/wire.hpp"

namespace virga::protocol {

namespace {

// DynamoDB, API reference, "low-level API": a GET of the endpoint tells that it is there.
HttpResponse healthy(const WireRequest& wire) {
    HttpResponse response;
    response.body = "healthy: dynamodb." + wire.region + ".amazonaws.com ";
    return response;
}

HttpResponse not_understood() {
    HttpResponse response;
    response.status = 404;
    response.body = "<UnknownOperationException/>\n";
    return response;
}

}  // namespace

HttpResponse answer_at_the_door(const WireRequest& wire, const HttpRequest& request, const std::string& request_id) {
    const bool get = request.method == "GET" && request.path() == "/";
    HttpResponse response = get && wire.service->id() == "dynamodb" ? healthy(wire) : not_understood();
    finish_response(wire, response, request_id, {});
    return response;
}

}  // namespace virga::protocol
