// What a writer says about an object in headers, and how a reader gets it back.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

// Content-Type and its like, user metadata, the website redirect: by API member name. Throws MetadataTooLarge.
Object read_attributes(const Context& ctx, const Value& input);
// STANDARD when none is given; throws InvalidStorageClass.
std::string read_storage_class(const Value& input);
// Throws for what an object could be asked for and is not there yet.
void refuse_unsupported(const Value& input);

// When lifecycle rules take the current version away.
void add_expiration(Object& output, const object::Bucket& bucket, const object::Version& version);
// Everything about a version that GetObject and HeadObject answer in headers. `length` of the body that is sent.
Object describe(const Context& ctx, const Value& input, const object::Bucket& bucket, const object::Version& version, std::uint64_t length);
// response-content-type and its like take the place of what is stored.
void apply_overrides(const Context& ctx, const Value& input, Object& output);

}  // namespace virga::s3
