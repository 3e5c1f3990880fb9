// Digests of XML documents in requests: what the headers say of them must be true.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

// For operations whose input is no stream; takes the document from the call. Throws InvalidDigest, BadDigest, InvalidRequest or XAmzContentSHA256Mismatch.
void check_document_digests(Context& ctx);
// For the few operations that are refused without any: throws InvalidRequest.
void require_document_digest(const Context& ctx);

}  // namespace virga::s3
