#include "apis/s3/copy_source.hpp"

#include "apis/s3/conditions.hpp"
#include "apis/s3/encryption.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/restore.hpp"

namespace virga::s3 {

using namespace object;

CopySourceName parse_copy_source(std::string_view text) {
    CopySourceName source;
    std::string_view all = text;
    if (text.starts_with('/')) text.remove_prefix(1);
    // Only a '?' that is not encoded begins the version.
    if (std::size_t mark = text.find("?versionId="); mark != std::string_view::npos) {
        source.version_id = percent_decode(text.substr(mark + 11));
        if (source.version_id.empty()) throw errors::empty_version_id();
        text = text.substr(0, mark);
    }
    // "bucket%2Fkey" is how some clients encode the whole.
    std::string decoded = percent_decode(text, true);
    std::size_t slash = decoded.find('/');
    source.bucket_name = decoded.substr(0, slash);
    if (!is_bucket_name(source.bucket_name)) throw errors::invalid_argument("Invalid copy source bucket name", "x-amz-copy-source", all);
    if (slash == std::string::npos || slash + 1 == decoded.size()) throw errors::invalid_argument("Invalid copy source object key", "x-amz-copy-source", all);
    source.key = decoded.substr(slash + 1);
    return source;
}

CopySource open_copy_source(Context& ctx, const Value& input) {
    CopySource source{parse_copy_source(input.text("CopySource"))};
    auto customer = customer_key(input, "CopySource");
    source.partition = partition_of_bucket(ctx.world, source.bucket_name);
    check_owner(ctx, input.text("ExpectedSourceBucketOwner"), source.bucket_name);
    BodyFiles& files = body_files(*source.partition);
    Reading reading = source.partition->read();
    source.bucket = require_bucket(reading.db(), source.bucket_name);
    source.version = require_version(reading.db(), source.bucket, source.key, source.version_id);
    const Version& v = source.version;
    if (v.delete_marker) {
        if (!source.version_id.empty()) throw errors::invalid_request("The source of a copy request may not specifically refer to a delete marker by version id.");
        throw errors::no_such_key(source.key);
    }
    if (is_out_of_reach(v)) throw errors::invalid_object_state(v.storage_class);
    check_reader(v.attributes, customer);
    // All four forms answer 412.
    ReadDecision decision = decide({header(ctx, "x-amz-copy-source-if-match"), header(ctx, "x-amz-copy-source-if-none-match"),
                                    header(ctx, "x-amz-copy-source-if-modified-since"), header(ctx, "x-amz-copy-source-if-unmodified-since")},
                                   v.etag, v.modified, ctx.now());
    if (decision.outcome != ReadOutcome::go_on) throw errors::precondition_failed("x-amz-copy-source-" + std::string(decision.condition));
    source.segments = open_version(reading.db(), files, v);
    return source;
}

Task<std::unique_ptr<BodyWriter>> copy_body(Context& ctx, CopySource& source, Partition& destination, std::uint64_t first, std::uint64_t length,
                                            ChecksumAlgorithm algorithm) {
    std::vector<ChecksumAlgorithm> digests{algorithm};
    auto writer = std::make_unique<BodyWriter>(body_files(destination), std::move(digests));
    SegmentsSource reader(std::move(source.segments), first, length, source.partition);
    co_await transfer(reader, *writer, ctx.world.runtime);
    co_return writer;
}

}  // namespace virga::s3
