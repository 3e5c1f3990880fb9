#include <fmt/format.h>

#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/records.hpp"

namespace virga::kinesis {

namespace {

// Where an entry stands in its request, for error texts.
struct Place {
    std::size_t number = 0;  // from 1; 0: the request is the entry
    std::string of(const char* member) const { return number ? fmt::format("records.{}.member.{}", number, member) : member; }
};

stream::NewRecord new_record(const Value& entry, Place place) {
    if (!entry.has("PartitionKey")) throw stream::member_required(place.of("partitionKey"));
    stream::NewRecord record{entry.text("PartitionKey"), entry["Data"].as_bytes(), {}};
    if (entry.has("ExplicitHashKey")) record.explicit_hash = stream::from_decimal(entry.text("ExplicitHashKey"));
    return record;
}

// Only of a stream that is there (observed).
void check_hash_key(const Value& entry, const stream::NewRecord& record) {
    if (entry.has("ExplicitHashKey") && !record.explicit_hash) throw stream::hash_key_out_of_range(entry.text("ExplicitHashKey"));
}

std::int64_t size_of(const stream::NewRecord& record) { return static_cast<std::int64_t>(record.key.size() + record.data.size()); }

void check_size(const stream::Stream& stream, const stream::NewRecord& record, Place place) {
    std::int64_t limit = stream.max_record_kib * 1024;
    if (size_of(record) > limit) throw stream::record_too_long(place.of("data"), static_cast<std::int64_t>(record.data.size()), limit);
}

// SequenceNumberForOrdering must be a number that may exist; it has no other effect, since order in a shard is the order of arrival.
void check_ordering(const Value& input, const stream::StreamName& name, TimeMs now) {
    if (!input.has("SequenceNumberForOrdering")) return;
    auto number = stream::read_sequence_number(input.text("SequenceNumberForOrdering"));
    if (!number || number->time > now / 1000 + 1) throw stream::ordering_number_invalid(input.text("SequenceNumberForOrdering"), name);
}

// A record that is too much for its shard's rate right now, while throttling is on.
std::optional<ApiError> refused_by_rate(const Target& to, stream::Stream& stream, const stream::NewRecord& record, TimeMs now) {
    const stream::Shard& shard = stream.shard_for(record.explicit_hash ? *record.explicit_hash : stream::hash_key(record.key));
    std::string bucket = shard_bucket(stream.id, shard.number, "write");
    bool taken = to.throttle.take_both(bucket, 1, stream::limits::shard_write_records, bucket + "-bytes", static_cast<double>(size_of(record)),
                                    stream::limits::shard_write_bytes, now);
    return taken ? std::nullopt : std::optional(stream::shard_rate_exceeded(shard.id(), to.streams.name(to.name)));
}

// A stream that is being created or deleted is not there for producers (observed).
stream::StreamPtr get_writable(const Target& to, Database& db, TimeMs now) {
    auto stream = to.streams.get(db, to.name);
    if (!stream->in_use(now)) throw stream::stream_not_found(to.streams.name(to.name));
    return stream;
}

// What strikes the single entries of a PutRecords: a fault on the operation "PutRecordsEntry".
std::vector<std::optional<ApiError>> entry_faults(Context& ctx, std::size_t entries) {
    std::vector<std::optional<ApiError>> faults(entries);
    if (ctx.world.faults.any())
        for (auto& fault : faults) fault = ctx.world.faults.strike(ctx.account(), ctx.region(), "kinesis", "PutRecordsEntry", ctx.resource, ctx.random);
    return faults;
}

}  // namespace

Value put_record(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    auto record = new_record(input, {});

    bool throttled = to.throttle.on();
    auto tx = to.partition->write();
    auto stream = get_writable(to, tx.db(), ctx.now());
    check_size(*stream, record, {});
    check_hash_key(input, record);
    check_ordering(input, to.streams.name(to.name), ctx.now());
    if (auto refused = throttled ? refused_by_rate(to, *stream, record, ctx.now()) : std::nullopt) throw *refused;
    if (input.flag("DryRun")) throw stream::dry_run();
    stream::Streams::Edit edit(to.streams, *stream);
    auto placed = stream::put(to.streams, tx, *stream, {record}, ctx.trace().header(), ctx.now());
    Object output{{"ShardId", stream::shard_id(placed[0].shard)}, {"SequenceNumber", placed[0].sequence_number}};
    append_encryption_type(output, *stream);
    edit.keep();
    tx.commit();
    return output;
}

Value put_records(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    const Array& entries = input.list("Records");
    std::vector<stream::NewRecord> records;
    records.reserve(entries.size());
    std::int64_t total = 0;
    for (const auto& entry : entries) {
        records.push_back(new_record(entry, {records.size() + 1}));
        total += size_of(records.back());
    }

    bool throttled = to.throttle.on();
    auto tx = to.partition->write();
    auto stream = get_writable(to, tx.db(), ctx.now());
    for (std::size_t i = 0; i < records.size(); ++i) check_size(*stream, records[i], {i + 1});
    if (total > stream::limits::max_put_bytes) throw stream::put_too_long();
    for (std::size_t i = 0; i < records.size(); ++i) check_hash_key(entries[i], records[i]);
    if (input.flag("DryRun")) throw stream::dry_run();
    auto faults = entry_faults(ctx, records.size());
    for (std::size_t i = 0; throttled && i < records.size(); ++i)
        if (!faults[i]) faults[i] = refused_by_rate(to, *stream, records[i], ctx.now());
    std::vector<stream::NewRecord> accepted;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (!faults[i]) accepted.push_back(records[i]);
    stream::Streams::Edit edit(to.streams, *stream);
    auto placed = stream::put(to.streams, tx, *stream, accepted, ctx.trace().header(), ctx.now());
    Object output{{"FailedRecordCount", static_cast<std::int64_t>(records.size() - placed.size())}, {"Records", Array()}};
    append_encryption_type(output, *stream);
    edit.keep();
    tx.commit();

    Array& answers = output["Records"].as_array();
    answers.reserve(records.size());
    auto next = placed.begin();
    for (const auto& fault : faults) {
        if (fault) {
            answers.push_back(Object{{"ErrorCode", fault->code}, {"ErrorMessage", fault->message}});
        } else {
            answers.push_back(Object{{"SequenceNumber", std::move(next->sequence_number)}, {"ShardId", stream::shard_id(next->shard)}});
            ++next;
        }
    }
    return output;
}

}  // namespace virga::kinesis
