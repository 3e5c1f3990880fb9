#include "apis/dynamodb/kinesis_forwarding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/attribute_value.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/destinations.hpp"
#include "emulator/table/keys.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/projection.hpp"
#include "emulator/world/retry.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::size_t batch_records = 500;         // PutRecords: "up to 500 records"
constexpr std::size_t batch_bytes = 1024 * 1024;   // of item bytes: as JSON they stay under PutRecords' 5 MB
constexpr Backoff backoff{1'000, 60'000};

struct Target {
    TablePtr table;
    Destination destination;
};

Value payload(const Partition& here, const Target& to, const OutgoingChange& c, const std::string& keys) {
    const ItemView before(c.before), after(c.after);
    Object change{{"ApproximateCreationDateTime", to.destination.micros ? c.at : c.at / 1000}};
    if (to.destination.micros) change.append("ApproximateCreationDateTimePrecision", "MICROSECOND");
    std::size_t size = item_size(ItemView(keys));
    change.append("Keys", decode_item(ItemView(keys)));
    if (after) change.append("NewImage", decode_item(after)), size += item_size(after);
    if (before) change.append("OldImage", decode_item(before)), size += item_size(before);
    change.append("SizeBytes", size);
    Value user;
    if (c.expired) user = Object{{"principalId", "dynamodb.amazonaws.com"}, {"type", "Service"}};
    const std::string id = fmt::format("{}|{}", to.destination.stream_arn, c.seq);
    const std::string h = fmt::format("{:016x}{:016x}", hash64(id, 1), hash64(id, 2));
    return Object{{"awsRegion", here.region()},
                  {"eventID", fmt::format("{}-{}-{}-{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(12, 4), h.substr(16, 4), h.substr(20, 12))},
                  {"eventName", !before ? "INSERT" : !after ? "REMOVE" : "MODIFY"},
                  {"userIdentity", std::move(user)},
                  {"recordFormat", "application/json"},
                  {"tableName", to.table->name},
                  {"dynamodb", std::move(change)},
                  {"eventSource", "aws:dynamodb"}};
}

// All records of an item have one partition key, so that they stay in order.
Value record(const Partition& here, const Target& to, const OutgoingChange& c) {
    const std::string keys = project_names(to.table->key_names(), ItemView(c.after.empty() ? c.before : c.after));
    return Object{{"Data", Bytes{json::write(payload(here, to, c, keys))}}, {"PartitionKey", hex_encode(md5(keys))}};
}

std::optional<Target> find_target(Partition& partition, const Job& job) {
    auto& store = partition.part<TableStore>();
    const auto blank = job.payload.find(' ');
    const std::int64_t id = std::stoll(job.payload.substr(0, blank));
    ReadScope reading(store);
    TablePtr table = store.find_by_id(reading.db(), std::stoll(job.payload.substr(blank + 1)));
    if (!table) return std::nullopt;
    for (const Destination& d : table->destinations)
        if (d.id == id) return Target{table, d};
    return std::nullopt;
}

// How many of the first records were taken.
std::size_t taken(const Reply& reply, std::size_t sent) {
    if (reply.error) return 0;
    const Array& results = reply.output.list("Records");
    for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].has("ErrorCode")) return i;
    return sent;
}

// A record that no stream takes (too large), or that is too old to be kept, must not hold up the others.
bool is_hopeless(const Reply& reply, const OutgoingChange& first, std::size_t sent, TimeMs now) {
    if (first.at / 1000 + limits::record_ms < now) return true;
    return reply.error && sent == 1 && (reply.error->code == "ValidationException" || reply.error->code == "InvalidArgumentException");
}

void drop(TableStore& store, std::int64_t destination, std::int64_t seq) {
    WriteScope scope(store);
    sent_changes(scope, destination, seq);
    scope.commit();
}

}  // namespace

Task<JobOutcome> forward_changes(std::shared_ptr<Partition> partition, Job job) {
    auto& store = partition->part<TableStore>();
    const std::int64_t id = std::stoll(job.payload);
    std::size_t limit = batch_records;
    for (;;) {
        const auto target = find_target(*partition, job);
        std::vector<OutgoingChange> changes;
        {
            ReadScope reading(store);
            changes = next_changes(reading.db(), id, limit, batch_bytes);
        }
        if (changes.empty()) co_return JobOutcome::finished();
        if (!target) {  // the table is gone, and with it whom to name
            drop(store, id, INT64_MAX);
            co_return JobOutcome::finished();
        }
        Array records;
        for (const OutgoingChange& c : changes) records.push_back(record(*partition, *target, c));
        Value input = Object{{"StreamARN", target->destination.stream_arn}, {"Records", std::move(records)}};
        Call call = service_call("kinesis", "PutRecords", partition->id(), "dynamodb.amazonaws.com", std::move(input), TraceContext::parse(changes[0].trace));
        Reply reply = co_await partition->world().calls->call(std::move(call));
        const std::size_t done = taken(reply, changes.size());
        if (done > 0) drop(store, id, changes[done - 1].seq);
        else if (is_hopeless(reply, changes[0], changes.size(), partition->world().clock.now())) drop(store, id, changes[0].seq);
        else if (limit > 1 && reply.error && reply.error->code != "ResourceNotFoundException") limit = 1;
        else co_return JobOutcome::retry(partition->world().clock.now() + backoff.after(job.attempt));
    }
}

}  // namespace virga::dynamodb
