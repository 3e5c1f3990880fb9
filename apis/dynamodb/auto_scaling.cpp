// DescribeTableReplicaAutoScaling and UpdateTableReplicaAutoScaling.
#include "apis/dynamodb/auto_scaling.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// Settings of a table: {write, indexes: {name: write}, replicas: {region: {read, indexes: {name: read}}}}, as descriptions.
constexpr const char* setting = "AutoScaling";

Object describe_replica(Context& ctx, const Table& t, const std::string& region, std::string_view status) {
    static const Value none;
    const Value* all = t.recorded.find(setting);
    const Value& settings = all ? *all : none;
    const Value& replica = settings["replicas"][region];
    Array indexes;
    for (const Index& i : t.indexes) {
        if (!i.global) continue;
        Object index{{"IndexName", i.name}, {"IndexStatus", index_status(i, ctx.now())}};
        if (replica["indexes"].has(i.name)) index.append("ProvisionedReadCapacityAutoScalingSettings", replica["indexes"][i.name]);
        if (settings["indexes"].has(i.name)) index.append("ProvisionedWriteCapacityAutoScalingSettings", settings["indexes"][i.name]);
        indexes.push_back(std::move(index));
    }
    Object out{{"RegionName", region}};
    if (!indexes.empty()) out.append("GlobalSecondaryIndexes", std::move(indexes));
    if (replica.has("read")) out.append("ReplicaProvisionedReadCapacityAutoScalingSettings", replica["read"]);
    if (settings.has("write")) out.append("ReplicaProvisionedWriteCapacityAutoScalingSettings", settings["write"]);
    out.append("ReplicaStatus", status);
    return out;
}

Value describe_table(Context& ctx, const Table& t, std::string_view status) {
    Array replicas{describe_replica(ctx, t, ctx.region(), "ACTIVE")};
    for (const Replica& r : t.replicas) replicas.push_back(describe_replica(ctx, t, r.region, replica_status(r, ctx.now())));
    return Object{{"TableAutoScalingDescription", Object{{"TableName", t.name}, {"TableStatus", status}, {"Replicas", std::move(replicas)}}}};
}

void require_index(const Table& t, std::string_view name) {
    const Index* index = t.find_index(name);
    if (!index || !index->global) throw errors::no_such_index_to_change(t.name, name);
}

void record_indexes(Context& ctx, const Table& t, const Array& updates, std::string_view member, Value& into) {
    for (const Value& u : updates) {
        require_index(t, u.text("IndexName"));
        if (u.has(member)) into["indexes"][u.text("IndexName")] = describe_auto_scaling(ctx, u[member]);
    }
}

}  // namespace

Value describe_auto_scaling(Context& ctx, const Value& update) {
    Object out;
    for (std::string_view name : {"MinimumUnits", "MaximumUnits"})
        if (update.has(name)) out.append(std::string(name), update[name]);
    out.append("AutoScalingDisabled", update.flag("AutoScalingDisabled"));
    if (update.flag("AutoScalingDisabled")) return out;
    const std::string role = fmt::format(
        "arn:aws:iam::{}:role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable", ctx.account());
    out.append("AutoScalingRoleArn", update.text("AutoScalingRoleArn", role));
    if (update.has("ScalingPolicyUpdate")) {
        Value policy = update["ScalingPolicyUpdate"];
        if (!policy.has("PolicyName")) policy["PolicyName"] = "$dynamodb-scaling-policy";
        out.append("ScalingPolicies", Array{std::move(policy)});
    }
    return out;
}

Value describe_table_replica_auto_scaling(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    ReadScope reading(store(ctx));
    TablePtr t = require_described_table(ctx, reading.db(), name);
    return describe_table(ctx, *t, table_status(*t, ctx.now()));
}

Value update_table_replica_auto_scaling(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    if (!input.has("ProvisionedWriteCapacityAutoScalingUpdate") && !input.has("GlobalSecondaryIndexUpdates") && !input.has("ReplicaUpdates"))
        throw errors::auto_scaling_required();

    // 2. Record.
    WriteScope scope(store(ctx));
    Table t = *require_described_table(ctx, scope.db(), name);
    if (t.on_demand) throw errors::auto_scaling_on_demand();
    Value& settings = t.recorded[setting];
    if (input.has("ProvisionedWriteCapacityAutoScalingUpdate")) settings["write"] = describe_auto_scaling(ctx, input["ProvisionedWriteCapacityAutoScalingUpdate"]);
    record_indexes(ctx, t, input.list("GlobalSecondaryIndexUpdates"), "ProvisionedWriteCapacityAutoScalingUpdate", settings);
    for (const Value& u : input.list("ReplicaUpdates")) {
        const std::string_view region = u.text("RegionName");
        if (region != ctx.region() && std::none_of(t.replicas.begin(), t.replicas.end(), [&](const Replica& r) { return r.region == region; }))
            throw errors::replica_update_not_found(region);
        Value& replica = settings["replicas"][region];
        if (u.has("ReplicaProvisionedReadCapacityAutoScalingUpdate"))
            replica["read"] = describe_auto_scaling(ctx, u["ReplicaProvisionedReadCapacityAutoScalingUpdate"]);
        record_indexes(ctx, t, u.list("ReplicaGlobalSecondaryIndexUpdates"), "ProvisionedReadCapacityAutoScalingUpdate", replica);
    }
    scope.store.save(scope.db(), t);
    scope.commit();

    // 3. Answer.
    return describe_table(ctx, t, "UPDATING");
}

}  // namespace virga::dynamodb
