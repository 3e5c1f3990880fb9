#include "apis/s3/encryption.hpp"
#include "apis/s3/incoming.hpp"
#include "apis/s3/kms_key.hpp"
#include "apis/s3/object_headers.hpp"
#include "apis/s3/operations.hpp"
#include "apis/s3/write_settings.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/object/names.hpp"

namespace virga::s3 {

using namespace object;

Task<Reply> put_object(Context& ctx, const Value& input) {
    // 1. Everything that can be refused before the body is read.
    auto partition = open_bucket(ctx, input);
    Object encryption;
    {
        Reading reading = partition->read();
        Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
        encryption = read_encryption(ctx, input, reading.db(), bucket);
    }
    Version version;
    version.key = std::string(input.text("Key"));
    check_key(version.key);
    refuse_unsupported(input);
    check_write_settings(ctx, input);
    version.storage_class = read_storage_class(input);
    version.attributes = read_attributes(ctx, input);
    for (auto& [name, value] : encryption) version.attributes.append(name, value);
    version.tags = parse_tagging_header(input.text("Tagging"));
    WriteCondition condition = write_condition(input);
    BodyDeclaration declaration = read_declaration(ctx, input);
    if (condition.if_none_match || condition.if_match) {  // no need of a body that cannot be stored; the commit decides again
        Reading reading = partition->read();
        check_condition(find_current(reading.db(), require_bucket(reading.db(), input.text("Bucket")).id, version.key), version.key, condition);
    }
    if (uses_kms(version.attributes)) co_await bind_kms_key(ctx, *partition, version.attributes);

    // 2. The body.
    Incoming body = co_await receive_body(ctx, input, partition, std::move(declaration));
    version.size = body.writer->size();
    version.etag = etag_of(version.attributes, body.writer->md5());
    version.checksum = body.checksum;

    // 3. Make it the current version.
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    version.modified = ctx.now();
    version.seq = next_sequence(tx.db());
    version.blob = version.seq;
    insert_blob(tx.db(), version.seq, *body.writer);
    apply_write_settings(ctx, input, *partition, tx.db(), bucket, version.attributes);
    version = put_version(tx, bucket, std::move(version), condition, ctx.random);
    record_event(tx, bucket, created_event(input.flag("PostedForm") ? "ObjectCreated:Post" : "ObjectCreated:Put", bucket, version), cause_of(ctx));
    tx.commit();
    body.writer->keep();

    // 4. Answer.
    Object output{{"ETag", quoted(version.etag)}};
    add_encryption(output, version.attributes);
    if (bucket.versioning == Versioning::enabled) output.append("VersionId", version.version_id);
    add_checksum(output, version.checksum);
    add_expiration(output, bucket, version);
    Reply reply;
    reply.output = std::move(output);
    co_return reply;
}

}  // namespace virga::s3
