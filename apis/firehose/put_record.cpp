#include "apis/firehose/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/delivery/errors.hpp"
#include "emulator/delivery/flow.hpp"
#include "emulator/delivery/limits.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

// Opaque, as long as the service's.
std::string record_id(Random& random) { return base64_encode(random.bytes(168)); }

Item item_of(const Context& ctx, const Value& record) { return Item{ctx.now(), record["Data"].as_bytes(), {}, ctx.trace(), 0}; }

// A stream that is being created or deleted takes nothing (which error tells so is unconfirmed).
DeliveryStream writable(Context& ctx, Database& db, DeliveryStreams& streams, std::string_view name) {
    DeliveryStream stream = streams.get(db, name);
    if (stream.status(ctx.now()) != "ACTIVE") throw stream_not_found(name, ctx.account());
    if (stream.type != "DirectPut") throw put_not_permitted(stream.type);
    return stream;
}

// What strikes the single entries of a PutRecordBatch: a fault on the operation "PutRecordBatchEntry".
std::vector<std::optional<ApiError>> entry_faults(Context& ctx, std::size_t entries) {
    std::vector<std::optional<ApiError>> faults(entries);
    if (ctx.world.faults.any())
        for (auto& fault : faults)
            fault = ctx.world.faults.strike(ctx.account(), ctx.region(), "firehose", "PutRecordBatchEntry", ctx.resource, ctx.random);
    return faults;
}

}  // namespace

Value put_record(Context& ctx, const Value& input) {
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    std::vector<Item> items{item_of(ctx, input["Record"])};

    Transaction tx = ctx.partition->write();
    DeliveryStream stream = writable(ctx, tx.db(), streams, input.text("DeliveryStreamName"));
    take_in(tx, stream, ctx.resource, items, ctx.now());
    tx.commit();
    return Object{{"RecordId", record_id(ctx.random)}, {"Encrypted", stream.encrypted(ctx.now())}};
}

Value put_record_batch(Context& ctx, const Value& input) {
    // 1. Validate.
    auto& streams = ctx.partition->part<DeliveryStreams>();
    ctx.resource = streams.arn(input.text("DeliveryStreamName"));
    const Array& records = input.list("Records");
    std::int64_t bytes = 0;
    for (const auto& record : records) bytes += static_cast<std::int64_t>(record["Data"].as_bytes().size());

    // 2. Look up.
    Transaction tx = ctx.partition->write();
    DeliveryStream stream = writable(ctx, tx.db(), streams, input.text("DeliveryStreamName"));
    if (bytes > limits::max_batch_bytes) throw batch_too_long();

    // 3. Take in what nothing strikes.
    auto faults = entry_faults(ctx, records.size());
    std::vector<Item> items;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (!faults[i]) items.push_back(item_of(ctx, records[i]));
    take_in(tx, stream, ctx.resource, items, ctx.now());
    tx.commit();

    // 4. Answer.
    Array answers;
    for (const auto& fault : faults) {
        if (fault) answers.push_back(Object{{"ErrorCode", fault->code}, {"ErrorMessage", fault->message}});
        else answers.push_back(Object{{"RecordId", record_id(ctx.random)}});
    }
    return Object{{"FailedPutCount", static_cast<std::int64_t>(records.size() - items.size())},
                  {"Encrypted", stream.encrypted(ctx.now())},
                  {"RequestResponses", std::move(answers)}};
}

}  // namespace virga::firehose
