#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "emulator/base/json.hpp"

namespace virga::kinesis {

namespace {

std::string stored_policy(const Resource& r, Database& db, const stream::Stream& stream, TimeMs now) {
    if (!r.consumer) return r.to.streams.policy(db, stream);
    return stream::consumer_policy(db, stream, need_consumer(*r.consumer, db, stream, now).name);
}

void store_policy(const Resource& r, Transaction& tx, const stream::Stream& stream, std::string_view policy) {
    if (r.consumer) stream::set_consumer_policy(tx, stream, r.consumer->name, policy);
    else r.to.streams.set_policy(tx, stream, policy);
}

}  // namespace

Value put_resource_policy(Context& ctx, const Value& input) {
    Value parsed;
    if (!json::try_parse(input.text("Policy"), parsed) || !parsed.is_object()) throw stream::policy_malformed();
    auto r = named_resource(ctx, input.text("ResourceARN"));
    auto tx = r.to.partition->write();
    auto stream = r.to.streams.get(tx.db(), r.to.name);
    if (r.consumer) need_active_consumer(*r.consumer, tx.db(), *stream, ctx.now());
    store_policy(r, tx, *stream, input.text("Policy"));
    tx.commit();
    return Object();
}

Value get_resource_policy(Context& ctx, const Value& input) {
    auto r = named_resource(ctx, input.text("ResourceARN"));
    auto reading = r.to.partition->read();
    auto stream = r.to.streams.get(reading.db(), r.to.name);
    auto policy = stored_policy(r, reading.db(), *stream, ctx.now());
    return Object{{"Policy", policy.empty() ? "{}" : policy}};
}

Value delete_resource_policy(Context& ctx, const Value& input) {
    auto r = named_resource(ctx, input.text("ResourceARN"));
    auto tx = r.to.partition->write();
    auto stream = r.to.streams.get(tx.db(), r.to.name);
    if (stored_policy(r, tx.db(), *stream, ctx.now()).empty()) throw stream::policy_not_found(input.text("ResourceARN"));
    store_policy(r, tx, *stream, "");
    tx.commit();
    return Object();
}

}  // namespace virga::kinesis
