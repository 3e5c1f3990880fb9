#include <algorithm>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/stream_iterator.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Value describe_record(const Context& ctx, const Stream& stream, const ChangeRecord& r) {
    static constexpr std::string_view names[] = {"INSERT", "MODIFY", "REMOVE"};
    // Whole seconds, as the service gives them.
    Object change{{"ApproximateCreationDateTime", Timestamp{r.at / 1000 * 1000}}, {"Keys", decode_item(ItemView(r.keys))}};
    if (!r.new_image.empty()) change.append("NewImage", decode_item(ItemView(r.new_image)));
    if (!r.old_image.empty()) change.append("OldImage", decode_item(ItemView(r.old_image)));
    change.append("SequenceNumber", sequence_text(r.seq));
    change.append("SizeBytes", r.size);
    change.append("StreamViewType", stream.view);
    Object out{{"eventID", event_id(stream, r.seq)},
               {"eventName", names[static_cast<std::size_t>(r.kind)]},
               {"eventVersion", "1.1"},
               {"eventSource", "aws:dynamodb"},
               {"awsRegion", ctx.region()},
               {"dynamodb", std::move(change)}};
    if (r.expired) out.append("userIdentity", Object{{"PrincipalId", "dynamodb.amazonaws.com"}, {"Type", "Service"}});
    // For readers inside this process; the API model does not know it, so it stays off the wire.
    if (!r.trace.empty()) out.append("virga:trace", r.trace);
    return out;
}

}  // namespace

Value get_records(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::size_t limit = read_limit(input, limits::stream_records);
    ShardIterator at = decode_iterator(input.text("ShardIterator"), ctx.now());
    ctx.resource = at.stream_arn;

    // 2. Read.
    Stream stream;
    std::vector<ChangeRecord> records;
    bool drained = false;  // a closed shard with nothing more to come
    {
        ReadScope reading(store(ctx));
        stream = require_stream(reading.db(), at.stream_arn, ctx.now());
        const auto shards = list_shards(reading.db(), stream, ctx.now());
        auto shard = std::find_if(shards.begin(), shards.end(), [&](const Shard& s) { return s.number == at.shard; });
        if (shard == shards.end()) throw errors::trimmed();
        records = read_changes(reading.db(), stream, *shard, at.next, limit, ctx.now());
        if (!records.empty()) at.next = records.back().seq + 1;
        drained = shard->closed() && read_changes(reading.db(), stream, *shard, at.next, 1, ctx.now()).empty();
    }

    // 3. Answer.
    Array list;
    for (const ChangeRecord& r : records) list.push_back(describe_record(ctx, stream, r));
    Object answer{{"Records", std::move(list)}};
    at.issued = ctx.now();
    if (!drained) answer.append("NextShardIterator", encode_iterator(at));
    return answer;
}

}  // namespace virga::dynamodb
