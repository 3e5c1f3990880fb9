// Objects in S3: https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
#include <algorithm>

#include "apis/firehose/delivery.hpp"
#include "emulator/base/json.hpp"
#include "emulator/delivery/compression.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/delivery/prefix.hpp"
#include "emulator/delivery/time_pattern.hpp"
#include "emulator/delivery/zone.hpp"
#include "emulator/world/retry.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

constexpr Backoff backoff{1'000, 300'000};  // AWS does not publish its own

std::string bucket_name(const Value& s3) {
    auto arn = s3.text("BucketARN");
    return std::string(arn.substr(arn.rfind(':') + 1));
}

PrefixValues values_of(const Taken& taken, const Value& s3, Random& random) {
    PrefixValues values;
    values.instant = taken.buffer.oldest;
    if (auto zone = s3.text("CustomTimeZone"); !zone.empty()) {
        values.zone = zone;
        values.offset_s = zone_offset(zone, values.instant).value_or(0);
    }
    if (taken.buffer.stage == Stage::error) values.error_type = taken.buffer.part;
    else if (!taken.buffer.part.empty()) values.keys = json::parse(taken.buffer.part);
    values.random = [&random] { return random.alnum_lower(11); };
    return values;
}

// "<evaluated prefix><stream>-<version>-<time>-<uuid>", without the suffix. Kept with the buffer: a delivery that is tried again
// writes the same object.
std::string object_name(Taken& taken, const Value& s3) {
    Random random = taken.world().random.derive(taken.job.trace.parent, "object" + taken.arn + taken.job.payload);
    PrefixValues values = values_of(taken, s3, random);
    std::string name = taken.buffer.stage == Stage::error ? evaluate_error_prefix(s3.text("Prefix"), s3.text("ErrorOutputPrefix"), values)
                                                          : evaluate_prefix(s3.text("Prefix"), values);
    name += taken.stream.name + "-" + taken.stream.version_id() + "-";
    name += format_time("yyyy-MM-dd-HH-mm-ss", values.instant, values.offset_s) + "-" + random.uuid();
    Transaction tx = taken.partition->write();
    set_object(tx, taken.buffer.id, name);
    tx.commit();
    return name;
}

// One instant of failure, then 24 hours; after that the records are given up.
JobOutcome try_again(Taken& taken) {
    TimeMs now = taken.now(), since = taken.buffer.failing_since.value_or(now);
    Transaction tx = taken.partition->write();
    if (now - since >= limits::s3_retry_ms) {
        remove_buffer(tx, taken.buffer.id);
        tx.commit();
        return JobOutcome::finished();
    }
    set_failing_since(tx, taken.buffer.id, since);
    tx.commit();
    return JobOutcome::retry(now + backoff.after(taken.job.attempt));
}

struct Code {
    const char *s3, *code, *message;
};
constexpr Code codes[] = {
    {"NoSuchBucket", "S3.NoSuchBucket", "The specified bucket was not found. Create the bucket or use a different bucket that does exist."},
    {"AccessDenied", "S3.AccessDenied", "Access was denied. Ensure that the trust policy and the access policy of the role allow the delivery."}};

}  // namespace

Task<JobOutcome> deliver_to_s3(std::shared_ptr<Taken> taken) {
    const Value& s3 = s3_configuration(taken->stream, taken->buffer.stage);
    if (!s3.is_object()) {  // the destination was changed since
        Transaction tx = taken->partition->write();
        remove_buffer(tx, taken->buffer.id);
        tx.commit();
        co_return JobOutcome::finished();
    }
    // 1. The object.
    std::string name = taken->buffer.object.empty() ? object_name(*taken, s3) : taken->buffer.object;
    std::string data;
    for (const auto& item : taken->buffer.items) data += item.data;
    Compressed object = compress(s3.text("CompressionFormat"), std::move(data), name.substr(name.size() - 36));
    std::string extension(taken->stream.kind == "ExtendedS3" ? taken->stream.destination.text("FileExtension") : "");
    std::string key = name + (extension.empty() || taken->buffer.stage == Stage::backup ? object.suffix : extension);

    // 2. Write it.
    Value input = Object{{"Bucket", bucket_name(s3)}, {"Key", key}, {"ContentType", "application/octet-stream"}};
    if (!object.content_encoding.empty()) input["ContentEncoding"] = object.content_encoding;
    begin_hops(*taken, "firehose:deliver", std::string(s3.text("BucketARN")) + "/" + key);
    TraceContext trace = taken->buffer.items.empty() ? taken->job.trace : taken->buffer.items.front().trace;
    if (trace.empty()) trace = taken->job.trace;
    Call call = service_call("s3", "PutObject", taken->partition->id(), principal, std::move(input), trace);
    call.body = std::make_shared<StringSource>(std::move(object.data));
    Task<Reply> writing = taken->world().calls->call(std::move(call));
    Reply reply = co_await std::move(writing);
    end_hops(*taken, reply.error ? reply.error->code : "ok");

    // 3. Forget the records, or keep them for the next try.
    if (!reply.error) {
        Transaction tx = taken->partition->write();
        remove_buffer(tx, taken->buffer.id);
        tx.commit();
        co_return JobOutcome::finished();
    }
    std::string code = "S3." + reply.error->code, message = reply.error->message;
    for (const auto& known : codes)
        if (reply.error->code == known.s3) code = known.code, message = known.message;
    Task<> logging = log_failure(taken, s3["CloudWatchLoggingOptions"], std::string(s3.text("BucketARN")), code, message);
    co_await std::move(logging);
    co_return try_again(*taken);
}

}  // namespace virga::firehose
