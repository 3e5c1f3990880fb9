#include <fmt/format.h>

#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/records.hpp"

namespace virga::kinesis {

namespace {

stream::NewRecord new_record(const Value& entry) {
    stream::NewRecord record{entry.text("PartitionKey"), entry["Data"].as_bytes(), {}};
    if (entry.has("ExplicitHashKey")) {
        record.explicit_hash = stream::from_decimal(entry.text("ExplicitHashKey"));
        if (!record.explicit_hash) throw stream::hash_key_out_of_range(entry.text("ExplicitHashKey"));
    }
    return record;
}

std::int64_t size_of(const stream::NewRecord& record) { return static_cast<std::int64_t>(record.key.size() + record.data.size()); }

void check_size(const stream::Stream& stream, const stream::NewRecord& record, const std::string& path) {
    std::int64_t limit = stream.max_record_kib * 1024;
    if (size_of(record) > limit) throw stream::record_too_long(path, static_cast<std::int64_t>(record.data.size()), limit);
}

// SequenceNumberForOrdering must be a number that may exist; it has no other effect, since order in a shard is the order of arrival.
void check_ordering(const Value& input, const stream::StreamName& name, TimeMs now) {
    if (!input.has("SequenceNumberForOrdering")) return;
    auto number = stream::read_sequence_number(input.text("SequenceNumberForOrdering"));
    if (!number || number->time > now / 1000 + 1) throw stream::ordering_number_invalid(input.text("SequenceNumberForOrdering"), name);
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
    auto record = new_record(input);
    check_ordering(input, to.streams.name(to.name), ctx.now());

    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    check_size(*stream, record, "data");
    stream::Streams::Edit edit(to.streams, *stream);
    auto placed = stream::put(to.streams, tx, *stream, {record}, ctx.trace().header(), ctx.now());
    edit.keep();
    tx.commit();
    Object output{{"ShardId", stream::shard_id(placed[0].shard)}, {"SequenceNumber", placed[0].sequence_number}};
    append_encryption_type(output, *stream);
    return output;
}

Value put_records(Context& ctx, const Value& input) {
    auto to = target(ctx, input);
    std::vector<stream::NewRecord> records;
    std::int64_t total = 0;
    for (const auto& entry : input.list("Records")) {
        records.push_back(new_record(entry));
        total += size_of(records.back());
    }

    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    for (std::size_t i = 0; i < records.size(); ++i) check_size(*stream, records[i], fmt::format("records.{}.member.data", i + 1));
    if (total > stream::limits::max_put_bytes) throw stream::put_too_long();
    auto faults = entry_faults(ctx, records.size());
    std::vector<stream::NewRecord> accepted;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (!faults[i]) accepted.push_back(records[i]);
    stream::Streams::Edit edit(to.streams, *stream);
    auto placed = stream::put(to.streams, tx, *stream, accepted, ctx.trace().header(), ctx.now());
    edit.keep();
    tx.commit();

    Array answers;
    auto next = placed.begin();
    for (const auto& fault : faults) {
        if (fault) {
            answers.push_back(Object{{"ErrorCode", fault->code}, {"ErrorMessage", fault->message}});
        } else {
            answers.push_back(Object{{"SequenceNumber", next->sequence_number}, {"ShardId", stream::shard_id(next->shard)}});
            ++next;
        }
    }
    Object output{{"FailedRecordCount", static_cast<std::int64_t>(records.size() - placed.size())}, {"Records", std::move(answers)}};
    append_encryption_type(output, *stream);
    return output;
}

}  // namespace virga::kinesis
