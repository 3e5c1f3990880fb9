// CBOR bodies <-> Values, by shape. See codecs.hpp for who uses it.
#pragma once
#include <string>
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/error.hpp"

namespace virga::protocol {

// rpcV2Cbor has timestamps in seconds, the CBOR of JSON services in milliseconds.
enum class CborTimes : std::uint8_t { seconds, milliseconds };

// An empty body, or no shape: no members. Throws ApiError SerializationException.
Value decode_cbor_body(model::Shape shape, std::string_view body, CborTimes times);
void encode_cbor_body(std::string& out, const Value& value, model::Shape shape, CborTimes times);
void encode_cbor_error(std::string& out, const std::string& type, std::string_view message_name, const ApiError& error, model::Shape shape, CborTimes times);

}  // namespace virga::protocol
