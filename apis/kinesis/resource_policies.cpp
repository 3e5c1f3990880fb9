#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/base/json.hpp"

namespace virga::kinesis {

namespace {

// The stream or consumer that a ResourceARN names, and its policy in the store.
struct Resource {
    Target to;
    std::string arn, consumer;  // consumer: its name, "" for the stream itself
};

Resource resource(Context& ctx, const Value& input) {
    std::string arn(input.text("ResourceARN"));
    auto to = target_arn(ctx, arn);
    std::string consumer = parse_stream_arn(arn)->consumer;
    return {std::move(to), arn, consumer.substr(0, consumer.rfind(':'))};
}

std::string stored_policy(const Resource& r, Database& db, const stream::Stream& stream) {
    auto q = r.consumer.empty() ? db.query("select policy from stream where id = ?", stream.id)
                                : db.query("select policy from stream_consumer where stream = ? and name = ?", stream.id, r.consumer);
    if (!q.next()) throw stream::consumer_not_found(r.arn, r.to.partition->account());
    return q.string(0);
}

void store_policy(const Resource& r, Transaction& tx, const stream::Stream& stream, std::string_view policy) {
    if (r.consumer.empty()) tx.db().run("update stream set policy = ? where id = ?", policy, stream.id);
    else tx.db().run("update stream_consumer set policy = ? where stream = ? and name = ?", policy, stream.id, r.consumer);
}

}  // namespace

Value put_resource_policy(Context& ctx, const Value& input) {
    Value parsed;
    if (!json::try_parse(input.text("Policy"), parsed) || !parsed.is_object()) throw stream::invalid_argument("The resource policy is not a valid JSON document.");
    auto r = resource(ctx, input);
    auto tx = r.to.partition->write();
    auto stream = r.to.streams.get(tx.db(), r.to.name);
    stored_policy(r, tx.db(), *stream);
    store_policy(r, tx, *stream, input.text("Policy"));
    tx.commit();
    return Object();
}

Value get_resource_policy(Context& ctx, const Value& input) {
    auto r = resource(ctx, input);
    auto reading = r.to.partition->read();
    auto stream = r.to.streams.get(reading.db(), r.to.name);
    auto policy = stored_policy(r, reading.db(), *stream);
    return Object{{"Policy", policy.empty() ? "{}" : policy}};
}

Value delete_resource_policy(Context& ctx, const Value& input) {
    auto r = resource(ctx, input);
    auto tx = r.to.partition->write();
    auto stream = r.to.streams.get(tx.db(), r.to.name);
    if (stored_policy(r, tx.db(), *stream).empty()) throw stream::policy_not_found(r.arn);
    store_policy(r, tx, *stream, "");
    tx.commit();
    return Object();
}

}  // namespace virga::kinesis
