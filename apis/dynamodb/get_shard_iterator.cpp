#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/stream_iterator.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// A member that goes with some types only must be there for these and for no others.
void check_goes_with(const Value& input, std::string_view member, bool wanted) {
    const std::string_view type = input.text("ShardIteratorType");
    if (wanted && !input.has(member)) throw errors::iterator_member_required(member, type);
    if (!wanted && input.has(member)) throw errors::iterator_member_refused(member, type);
}

// The first sequence number to read. A number older than what is kept is refused.
std::int64_t start_at(Context& ctx, Database& db, const Stream& stream, const Shard& shard, const Value& input) {
    const std::string_view type = input.text("ShardIteratorType"), number = input.text("SequenceNumber");
    const std::int64_t latest = std::max(shard.first_seq, store(ctx).peek_sequence());
    if (type == "TRIM_HORIZON") return shard.first_seq;
    if (type == "LATEST") return latest;
    if (type == "AT_TIMESTAMP") return first_change_since(db, stream, shard, input["Timestamp"].as_time()).value_or(latest);
    auto seq = parse_sequence(number);
    if (!seq) throw errors::invalid_sequence_number(number);
    if (*seq < shard.first_seq || (shard.closed() && *seq > *shard.last_seq)) throw errors::sequence_number_of_other_shard(number);
    const auto oldest = read_changes(db, stream, shard, 0, 1, ctx.now());
    const bool kept = !oldest.empty() && oldest[0].seq <= *seq;
    if (!kept && shard.opened < ctx.now() - limits::record_ms) throw errors::trimmed();
    return type == "AT_SEQUENCE_NUMBER" ? *seq : *seq + 1;
}

}  // namespace

Value get_shard_iterator(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string_view type = input.text("ShardIteratorType");
    const bool by_number = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
    check_goes_with(input, "SequenceNumber", by_number);
    check_goes_with(input, "Timestamp", type == "AT_TIMESTAMP");
    if (input.has("Timestamp") && input["Timestamp"].as_time() > ctx.now()) throw errors::iterator_of_the_future();

    // 2. Look up.
    ReadScope reading(store(ctx));
    const Stream stream = require_stream(reading.db(), input.text("StreamArn"), ctx.now());
    ctx.resource = stream.arn;
    for (const Shard& shard : list_shards(reading.db(), stream, ctx.now())) {
        if (shard_id(stream, shard) != input.text("ShardId")) continue;

        // 3. Answer.
        const std::int64_t next = start_at(ctx, reading.db(), stream, shard, input);
        return Object{{"ShardIterator", encode_iterator({stream.arn, shard.number, next, ctx.now()})}};
    }
    throw errors::shard_not_found(input.text("ShardId"), stream.arn);
}

}  // namespace virga::dynamodb
