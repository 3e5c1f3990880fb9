// GetObject and HeadObject.
#include <fmt/format.h>

#include "apis/s3/conditions.hpp"
#include "apis/s3/encryption.hpp"
#include "apis/s3/kms_key.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/ranges.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/object/names.hpp"
#include "emulator/object/restore.hpp"
#include "emulator/object/uploads.hpp"

namespace virga::s3 {

using namespace object;

namespace {

struct Found {
    Bucket bucket;
    Version version;
    std::vector<Segment> segments;
    ByteRange range;
    bool partial = false;
    std::int64_t parts = 0;  // told when a part number was asked for
    Checksum checksum;       // of the part that is read
};

// A delete marker answers by what it is: the current version (nothing there), or asked for by its id (not readable).
void refuse_marker(const Context& ctx, const Value& input, const Bucket& bucket, const Version& v, std::string_view method) {
    add_header(ctx, "x-amz-delete-marker", "true");
    if (bucket.versioning != Versioning::never) add_header(ctx, "x-amz-version-id", v.version_id);
    if (input.text("VersionId").empty()) throw errors::no_such_key(v.key);
    add_header(ctx, "Allow", "DELETE");
    add_header(ctx, "Last-Modified", http_date(v.modified));
    throw errors::delete_marker_not_allowed(method);
}

void check_conditions(const Context& ctx, const Value& input, const Bucket& bucket, const Version& v) {
    ReadConditions c{header(ctx, "if-match"), header(ctx, "if-none-match"), header(ctx, "if-modified-since"), header(ctx, "if-unmodified-since")};
    if (!ctx.call.http) c = {input.text("IfMatch"), input.text("IfNoneMatch"), {}, {}};
    ReadDecision decision = decide(c, v.etag, v.modified, ctx.now());
    if (decision.outcome == ReadOutcome::failed) throw errors::precondition_failed(decision.condition);
    if (decision.outcome == ReadOutcome::go_on) return;
    add_header(ctx, "ETag", quoted(v.etag));
    add_header(ctx, "Last-Modified", http_date(v.modified));
    if (bucket.versioning != Versioning::never) add_header(ctx, "x-amz-version-id", v.version_id);
    throw errors::not_modified();
}

// The bytes of one part; an object that was not uploaded in parts is its own part 1.
void choose_part(Database& db, Found& found, std::int64_t number) {
    if (number < 1 || number > max_part_number)
        throw errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", std::to_string(number));
    std::vector<UploadPart> parts = parts_of(db, found.version);
    if (parts.empty()) {
        if (number != 1) throw errors::invalid_part_number(number, 1);
        found.partial = found.version.size > 0;
        return;
    }
    // Readers count the parts that the object was completed from, whatever numbers they were uploaded under.
    if (number > static_cast<std::int64_t>(parts.size())) throw errors::invalid_part_number(number, static_cast<std::int64_t>(parts.size()));
    auto index = static_cast<std::size_t>(number - 1);
    found.range.first = 0;
    for (std::size_t i = 0; i < index; ++i) found.range.first += parts[i].size;
    found.range.length = parts[index].size;
    found.parts = static_cast<std::int64_t>(parts.size());
    found.partial = true;
    if (found.version.checksum.type == ChecksumType::composite) found.checksum = {found.version.checksum.algorithm, ChecksumType::composite, parts[index].checksum};
}

Found find(Context& ctx, const Value& input, Partition& partition, std::string_view method) {
    std::string_view range = ctx.call.http ? header(ctx, "range") : input.text("Range"), if_range = ctx.call.http ? header(ctx, "if-range") : std::string_view();
    BodyFiles& files = body_files(partition);
    refuse_on_read(ctx);
    auto customer = customer_key(input);
    check_key(input.text("Key"));
    Reading reading = partition.read();
    Found found;
    found.bucket = require_bucket(reading.db(), input.text("Bucket"));
    found.version = require_version(reading.db(), found.bucket, input.text("Key"), input.text("VersionId"));
    const Version& v = found.version;
    if (v.delete_marker) refuse_marker(ctx, input, found.bucket, v, method);
    check_reader(v.attributes, customer);
    check_conditions(ctx, input, found.bucket, v);
    if (method == "GET" && is_out_of_reach(v)) throw errors::invalid_object_state(v.storage_class);
    found.range.length = v.size;
    if (input.has("PartNumber")) {
        if (!range.empty()) throw errors::invalid_request("Cannot specify both Range header and partNumber query parameter");
        choose_part(reading.db(), found, input.integer("PartNumber"));
    } else if (auto wanted = range_applies(if_range, v.etag, v.modified) ? parse_range(range, v.size) : std::nullopt) {
        found.range = *wanted;
        found.partial = true;
    }
    if (method == "GET") found.segments = open_version(reading.db(), files, v, found.range.first, found.range.length);
    return found;
}

Object head_of(Context& ctx, const Value& input, const Found& found) {
    Object output = describe(ctx, input, found.bucket, found.version, found.range.length);
    apply_overrides(ctx, input, output);
    if (found.parts) output.append("PartsCount", found.parts);
    if (!found.checksum.value.empty() && iequals(input.text("ChecksumMode"), "ENABLED")) add_checksum(output, found.checksum);
    if (found.partial) {
        output.append("ContentRange", fmt::format("bytes {}-{}/{}", found.range.first, found.range.first + found.range.length - 1, found.version.size));
        set_status(ctx, 206);
    }
    return output;
}

}  // namespace

Task<Reply> get_object(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Found found = find(ctx, input, *partition, "GET");
    if (uses_kms(found.version.attributes)) co_await need_kms_key(ctx, found.version.attributes);
    Reply reply;
    reply.output = head_of(ctx, input, found);
    reply.body = std::make_shared<SegmentsSource>(std::move(found.segments), found.range.first, found.range.length, partition);
    co_return reply;
}

Value head_object(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    return head_of(ctx, input, find(ctx, input, *partition, "HEAD"));
}

}  // namespace virga::s3
