// The XML documents of requests against the API's model.
#pragma once
#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::s3 {

// Throws MalformedXML when the document lacks a required element or an element has a value that is none of its enumeration,
// MissingRequestBodyError when there is no document at all.
void check_document(const model::Operation& operation, const Value& input);

}  // namespace virga::s3
