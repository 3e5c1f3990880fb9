// The source of CopyObject and UploadPartCopy.
#pragma once
#include <memory>

#include "apis/s3/support.hpp"
#include "emulator/object/bodies.hpp"

namespace virga::s3 {

struct CopySourceName {
    std::string bucket_name, key, version_id;  // version_id "" = current
};
// Reads "[/]bucket/key[?versionId=id]", URL-encoded once, where '+' is a space. Throws InvalidArgument for what names no object.
CopySourceName parse_copy_source(std::string_view text);

struct CopySource : CopySourceName {
    std::shared_ptr<Partition> partition;
    object::Bucket bucket;
    object::Version version;
    std::vector<object::Segment> segments;
};

// Finds the object that the input's CopySource names, checks that it can be read and that the x-amz-copy-source-if-* conditions hold.
CopySource open_copy_source(Context& ctx, const Value& input);

// The source's bytes [first, first + length) as a new body with the digest asked for. Takes the segments.
Task<std::unique_ptr<object::BodyWriter>> copy_body(Context& ctx, CopySource& source, Partition& destination, std::uint64_t first, std::uint64_t length,
                                              object::ChecksumAlgorithm algorithm);

}  // namespace virga::s3
