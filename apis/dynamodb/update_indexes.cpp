#include "apis/dynamodb/update_indexes.hpp"

#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "apis/dynamodb/update_throughput.hpp"
#include "emulator/table/backfill.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Index& require_global_index(Table& t, std::string_view name) {
    auto it = std::find_if(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return i.global && i.name == name; });
    if (it == t.indexes.end()) throw errors::no_such_index_to_change(t.name, name);
    return *it;
}

// Attributes of a new index must be declared again, and as they were. Another type for any other attribute has no effect.
void merge_definitions(const Value& input, const Index& added, Table& t) {
    for (KeyPart& d : read_attribute_definitions(input)) {
        auto known = std::find_if(t.definitions.begin(), t.definitions.end(), [&](const KeyPart& k) { return k.name == d.name; });
        if (known == t.definitions.end()) t.definitions.push_back(std::move(d));
        else if (known->type != d.type && added.is_key(d.name))
            throw errors::redefined_attribute(d.name);
    }
}

void check_projected(const Table& t, const Index& added) {
    std::size_t included = added.included.size();
    for (const Index& i : t.indexes) included += i.included.size();
    if (included > limits::projected_attributes) throw errors::too_many_projected(included);
}

// Few items are indexed at once, many (or with realistic delays, any) by a job.
void create_index(Context& ctx, WriteScope& scope, const Value& input, const Value& create, Table& t) {
    if (t.find_index(create.text("IndexName"))) throw errors::index_exists();
    Index index = read_index(create, true, t.on_demand, read_attribute_definitions(input));
    if (std::count_if(t.indexes.begin(), t.indexes.end(), [](const Index& i) { return i.global; }) >= static_cast<std::ptrdiff_t>(limits::global_indexes))
        throw errors::too_many_global_indexes();
    check_projected(t, index);
    merge_definitions(input, index, t);
    index.id = scope.store.new_id(scope.db());
    const TimeMs takes = delays(ctx.world).create_index;
    index.ready_at = ctx.now() + takes;
    index.backfilling = takes > 0 || scope.store.counts(scope.db(), t).items > static_cast<std::int64_t>(limits::background_backfill);
    if (index.backfilling) start_backfill(scope, t, index, index.ready_at, ctx.trace());
    else backfill(scope, t, index);
    t.indexes.push_back(std::move(index));
}

void delete_index(Context& ctx, WriteScope& scope, std::string_view name, Table& t) {
    Index& index = require_global_index(t, name);
    const TimeMs takes = delays(ctx.world).delete_index;
    if (takes > 0) {
        index.gone_at = ctx.now() + takes;
        start_removal(scope, t, index.id, index.gone_at, ctx.trace());
        return;
    }
    drop_index(scope, index);
    std::erase_if(t.indexes, [&](const Index& i) { return i.id == index.id; });
}

void update_index(const Value& update, Table& t, TimeMs now) {
    Index& index = require_global_index(t, update.text("IndexName"));
    if (update.has("ProvisionedThroughput")) change_index_throughput(update["ProvisionedThroughput"], t, index, now);
    read_index_settings(update, index, t.on_demand);
}

}  // namespace

void check_index_updates(const Value& input) {
    int changes = 0;
    std::vector<std::string_view> updated;
    for (const Value& u : input.list("GlobalSecondaryIndexUpdates")) {
        const int actions = u.has("Create") + u.has("Delete") + u.has("Update");
        if (actions != 1) throw errors::index_update_actions(actions > 0);
        changes += u.has("Create") || u.has("Delete");
        const Value& action = u[u.has("Create") ? "Create" : u.has("Delete") ? "Delete" : "Update"];
        if (std::find(updated.begin(), updated.end(), action.text("IndexName")) != updated.end())
            throw errors::several_updates_of_index(action.text("IndexName"));
        updated.push_back(action.text("IndexName"));
    }
    if (changes > 1) throw errors::one_index_change_at_a_time();
}

Table change_indexes(Context& ctx, WriteScope& scope, const Value& input, Table& t) {
    Table shown = t;
    for (const Value& u : input.list("GlobalSecondaryIndexUpdates")) {
        if (u.has("Create")) {
            create_index(ctx, scope, input, u["Create"], t);
            shown = with_indexes_creating(t, u["Create"].text("IndexName"));
        } else if (u.has("Delete")) {
            const Index deleted = require_global_index(t, u["Delete"].text("IndexName"));
            shown = t;
            for (Index& i : shown.indexes)
                if (i.id == deleted.id) i.gone_at = INT64_MAX;
            delete_index(ctx, scope, deleted.name, t);
        } else {
            update_index(u["Update"], t, ctx.now());
            shown = t;
        }
    }
    check_every_index_has_throughput(t);
    prune_definitions(t);
    return shown;
}

}  // namespace virga::dynamodb
