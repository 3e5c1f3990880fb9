// What wire.cpp puts together: one decoder and one encoder a protocol. For apis/protocol only.
#pragma once
#include "apis/protocol/cbor_codec.hpp"
#include "apis/protocol/wire.hpp"

namespace virga::protocol {

bool is_json(model::Protocol protocol);
std::string_view json_content_type(const WireRequest& wire);

// The body, decompressed into `buffer` when Content-Encoding says gzip or deflate. Throws InternalServerError on a broken one.
std::string_view inflate_body(const HttpRequest& request, std::string_view body, std::string& buffer);

// Compresses a large body as the client's Accept-Encoding allows: DynamoDB's answers. RFC 9110, 12.5.3.
void compress_body(std::string_view accept_encoding, HttpResponse& response);

// awsQuery: the parameters of the query string and of the form together.
Value decode_query(model::Shape shape, std::string_view query, std::string_view form);
HttpResponse encode_query(const WireRequest& wire, const Value& output, const std::string& request_id);

Value decode_rest(const WireRequest& wire, const HttpRequest& request, std::string_view body);
HttpResponse encode_rest(const WireRequest& wire, const Value& output, bool has_stream);

// The members of an error that its model binds to headers.
void add_error_headers(Headers& headers, const ApiError& error, model::Shape shape);

// Adds request ids, checksums and the caller's headers.
void finish_response(const WireRequest& wire, HttpResponse& response, const std::string& request_id, const Headers& extra);
std::string host_id(const std::string& request_id);

}  // namespace virga::protocol
