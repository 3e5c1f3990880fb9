#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "apis/dynamodb/update_indexes.hpp"
#include "apis/dynamodb/update_replicas.hpp"
#include "apis/dynamodb/update_throughput.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::string_view understood[] = {"ProvisionedThroughput",     "BillingMode", "GlobalSecondaryIndexUpdates", "StreamSpecification", "SSESpecification",
                                           "DeletionProtectionEnabled", "TableClass",  "OnDemandThroughput",          "WarmThroughput",      "ReplicaUpdates",
                                           "MultiRegionConsistency"};
constexpr std::string_view not_there[] = {"GlobalTableWitnessUpdates", "VectorIndexUpdates", "GlobalTableSettingsReplicationMode"};
// What replicas share (the rest is each one's own).
constexpr std::string_view shared[] = {"ProvisionedThroughput", "BillingMode", "GlobalSecondaryIndexUpdates", "StreamSpecification", "ReplicaUpdates"};

bool any_given(const Value& input, auto& names) {
    return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) { return input.has(name); });
}

void check_parameters_given(const Value& input) {
    for (std::string_view name : not_there)
        if (input.has(name)) throw errors::not_implemented(fmt::format("{} of dynamodb:UpdateTable", name));
    const bool only_no_indexes = input.has("GlobalSecondaryIndexUpdates") && input.list("GlobalSecondaryIndexUpdates").empty();
    const auto given = std::count_if(std::begin(understood), std::end(understood), [&](std::string_view name) { return input.has(name); });
    if (given == (only_no_indexes ? 1 : 0)) throw errors::nothing_to_update();
    if (input.has("ProvisionedThroughput")) check_throughput(input["ProvisionedThroughput"]);
    if (input.text("BillingMode") == "PROVISIONED" && !input.has("ProvisionedThroughput"))
        throw errors::throughput_required_to_switch();
    check_index_updates(input);
    check_replica_updates(input);
}

// One change at a time: of indexes in words of its own.
void check_settled(const Value& input, const Table& t, TimeMs now) {
    const bool indexes = std::any_of(input.list("GlobalSecondaryIndexUpdates").begin(), input.list("GlobalSecondaryIndexUpdates").end(),
                                     [](const Value& u) { return u.has("Create") || u.has("Delete"); });
    const bool busy = std::any_of(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return index_status(i, now) != "ACTIVE"; });
    if (indexes && busy) throw errors::one_index_change_at_a_time();
    if (auto status = table_status(t, now); status != "ACTIVE") throw errors::table_in_use(t.name, status);
}

void change_stream(WriteScope& scope, const Value& spec, Table& t, TimeMs now) {
    if (spec.flag("StreamEnabled")) {
        if (t.stream) throw errors::stream_is_enabled(t.name);
        if (!spec.has("StreamViewType")) throw errors::stream_without_view(false);
        enable_stream(scope, t, std::string(spec.text("StreamViewType")), now);
        return;
    }
    if (spec.has("StreamViewType")) throw errors::view_of_disabled_stream(false);
    if (!t.stream) throw errors::stream_is_disabled(t.name);
    if (!t.replicas.empty()) throw errors::stream_of_replicas();
    disable_stream(scope, t, now);
}

}  // namespace

Value update_table(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    check_parameters_given(input);

    // 2. Change.
    WriteScope scope(store(ctx));
    Table table = *require_described_table(ctx, scope.db(), name);
    check_settled(input, table, ctx.now());
    change_throughput(input, table, ctx.now());
    if (input.has("StreamSpecification")) change_stream(scope, input["StreamSpecification"], table, ctx.now());
    Table shown = change_indexes(ctx, scope, input, table);
    if (input.has("DeletionProtectionEnabled")) table.deletion_protected = input.flag("DeletionProtectionEnabled");
    read_settings(input, table, ctx.now(), false);
    change_replicas(ctx, scope, input, table);
    table.settled_at = ctx.now() + delays(ctx.world).update_table;
    scope.store.save(scope.db(), table);
    if (any_given(input, shared)) spread_definition(scope, table, ctx.trace());

    // 3. Answer: the reply says UPDATING, though all may be done.
    for (Index& i : table.indexes)
        if (std::none_of(shown.indexes.begin(), shown.indexes.end(), [&](const Index& s) { return s.id == i.id; })) shown.indexes.push_back(i);
    table.indexes = std::move(shown.indexes);
    for (Replica& r : table.replicas)
        if (replica_is_new(input, r)) r.ready_at = INT64_MAX;
    Object answer{{"TableDescription", describe(ctx, scope.db(), table, "UPDATING")}};
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
