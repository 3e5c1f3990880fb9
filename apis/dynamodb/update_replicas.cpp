#include "apis/dynamodb/update_replicas.hpp"

#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::string_view overrides[] = {"KMSMasterKeyId", "ProvisionedThroughputOverride", "OnDemandThroughputOverride", "GlobalSecondaryIndexes", "TableClassOverride"};

Replica& require_replica(Table& t, std::string_view region) {
    auto it = std::find_if(t.replicas.begin(), t.replicas.end(), [&](const Replica& r) { return r.region == region; });
    if (it == t.replicas.end()) throw errors::replica_update_not_found(region);
    return *it;
}

void set_overrides(const Value& action, Replica& replica) {
    for (std::string_view name : overrides)
        if (action.has(name)) replica.settings[name] = action[name];
}

void create_replica(Context& ctx, WriteScope& scope, const Value& action, Table& t) {
    const std::string region(action.text("RegionName"));
    check_region(region);
    if (region == ctx.region()) throw errors::replica_of_this_region();
    if (std::any_of(t.replicas.begin(), t.replicas.end(), [&](const Replica& r) { return r.region == region; }))
        throw errors::replica_is_there(t.name);
    const bool whole_images = t.stream_view == "NEW_AND_OLD_IMAGES";
    if (t.stream && !whole_images) throw errors::replica_without_images();
    // Without a stream one is turned on: a global table always has it.
    if (!t.stream) enable_stream(scope, t, "NEW_AND_OLD_IMAGES", ctx.now());
    Replica replica{region, ctx.now() + delays(ctx.world).replica, {}};
    set_overrides(action, replica);
    t.replicas.push_back(std::move(replica));
}

// A global table has its consistency from its first replicas on. A strong one is in exactly three regions, and is made by adding two replicas
// to a table without data (developer guide; a witness in place of a replica is not there).
void choose_consistency(WriteScope& scope, const Value& input, Table& t) {
    const Array& updates = input.list("ReplicaUpdates");
    const std::string_view wanted = input.text(consistency_setting);
    if (!wanted.empty() && updates.empty()) throw errors::consistency_without_replicas();
    const auto creations = std::count_if(updates.begin(), updates.end(), [](const Value& u) { return u.has("Create"); });
    if (!t.replicas.empty()) {
        const bool strong = strongly_consistent(t);
        if (!wanted.empty() && (wanted == "STRONG") != strong) throw errors::consistency_is_kept();
        if (strong && creations > 0) throw errors::strong_table_of_other_regions();
        return;
    }
    if (creations == 0) return;
    t.recorded.erase(consistency_setting);
    if (wanted != "STRONG") return;
    if (creations != 2) throw errors::strong_table_of_other_regions();
    if (scope.store.counts(scope.db(), t).items > 0) throw errors::strong_table_with_items();
    if (!t.ttl_attribute.empty()) throw errors::not_with_strong_consistency("Time to Live is");
    if (std::any_of(t.indexes.begin(), t.indexes.end(), [](const Index& i) { return !i.global; })) throw errors::not_with_strong_consistency("Local secondary indexes are");
    t.recorded[consistency_setting] = wanted;
}

}  // namespace

void check_region(std::string_view name) {
    const bool fits = name.size() >= 9 && std::count(name.begin(), name.end(), '-') >= 2 && name.back() >= '1' && name.back() <= '9';
    if (!fits) throw errors::invalid_region(name);
}

void check_replica_updates(const Value& input) {
    if (!input.has("ReplicaUpdates")) return;
    const Array& updates = input.list("ReplicaUpdates");
    // Strong consistency needs three regions, whose other two are made at once.
    const bool strong_pair = updates.size() == 2 && input.text("MultiRegionConsistency") == "STRONG" && updates[0].has("Create") && updates[1].has("Create");
    if (updates.size() > 1 && !strong_pair) throw errors::several_replica_updates();
    for (const Value& u : updates) {
        if (u.has("Disassociate")) throw errors::not_implemented("Disassociate of a replica");
        if (u.has("Create") + u.has("Update") + u.has("Delete") != 1) throw errors::replica_update_actions();
    }
}

bool replica_is_new(const Value& input, const Replica& replica) {
    const Array& updates = input.list("ReplicaUpdates");
    return std::any_of(updates.begin(), updates.end(), [&](const Value& u) { return u["Create"].text("RegionName") == replica.region; });
}

void change_replicas(Context& ctx, WriteScope& scope, const Value& input, Table& t) {
    choose_consistency(scope, input, t);
    for (const Value& u : input.list("ReplicaUpdates")) {
        if (u.has("Create")) create_replica(ctx, scope, u["Create"], t);
        if (u.has("Update")) set_overrides(u["Update"], require_replica(t, u["Update"].text("RegionName")));
        if (!u.has("Delete")) continue;
        const std::string region = require_replica(t, u["Delete"].text("RegionName")).region;
        part_from_replica(scope, t.name, region, true, ctx.trace());
        std::erase_if(t.replicas, [&](const Replica& r) { return r.region == region; });
    }
}

}  // namespace virga::dynamodb
