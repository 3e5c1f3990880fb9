// XML bodies -> Values, by shape.
#pragma once
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

// The root element as a structure. An empty body is an empty structure; the root's name and namespaces are not looked at.
// Throws ApiError MalformedXML 400 in S3's words.
Value decode_xml_body(model::Shape shape, std::string_view body);

}  // namespace virga::protocol
