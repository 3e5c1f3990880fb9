#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "apis/dynamodb/table_description.hpp"
#include "emulator/table/backfill.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::string_view understood[] = {"ProvisionedThroughput",     "BillingMode", "GlobalSecondaryIndexUpdates", "StreamSpecification", "SSESpecification",
                                           "DeletionProtectionEnabled", "TableClass",  "OnDemandThroughput",          "WarmThroughput"};
constexpr std::string_view not_there[] = {"ReplicaUpdates", "GlobalTableWitnessUpdates", "MultiRegionConsistency", "VectorIndexUpdates"};

void check_parameters_given(const Value& input) {
    for (std::string_view name : not_there)
        if (input.has(name)) throw ApiError("NotImplemented", 501, fmt::format("virga does not implement {} of dynamodb:UpdateTable yet", name));
    if (std::none_of(std::begin(understood), std::end(understood), [&](std::string_view name) { return input.has(name); }))
        throw errors::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
    int changes = 0;
    for (const Value& u : input.list("GlobalSecondaryIndexUpdates")) changes += u.has("Create") + u.has("Delete");
    if (changes > 1) throw errors::one_index_change_at_a_time();
}

void change_billing(const Value& input, Table& t, TimeMs now) {
    const std::string_view mode = input.text("BillingMode");
    const bool provisioned = input.has("ProvisionedThroughput");
    if (mode == "PAY_PER_REQUEST") {
        if (provisioned)
            throw errors::invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        if (!t.on_demand) t.on_demand_since = now;
        t.on_demand = true;
        t.throughput = {};
        for (Index& i : t.indexes) i.throughput = {};
        return;
    }
    if (mode == "PROVISIONED" && t.on_demand) {
        if (!provisioned)
            throw errors::invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        t.on_demand = false;
        t.throughput = read_throughput(input["ProvisionedThroughput"]);
        return;
    }
    if (!provisioned) return;
    if (t.on_demand)
        throw errors::invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
    check_throughput(input["ProvisionedThroughput"]);
    const Throughput wanted = read_throughput(input["ProvisionedThroughput"]);
    if (wanted == t.throughput)
        throw errors::validation(
            fmt::format("The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits "
                        "provisioned for the table: {}. Requested ReadCapacityUnits: {}. Current WriteCapacityUnits provisioned for the table: {}. Requested "
                        "WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                        t.throughput.read, wanted.read, t.throughput.write, wanted.write));
    t.throughput = wanted;
}

void change_stream(WriteScope& scope, const Value& spec, Table& t, TimeMs now) {
    if (spec.flag("StreamEnabled")) {
        if (t.stream) throw errors::validation(fmt::format("Table already has an enabled stream: TableName: {}", t.name));
        enable_stream(scope, t, std::string(spec.text("StreamViewType", "NEW_AND_OLD_IMAGES")), now);
        return;
    }
    if (!t.stream) throw errors::validation(fmt::format("Table has no stream to disable: TableName: {}", t.name));
    disable_stream(scope, t, now);
}

// Attributes of a new index must be declared again, and as they were.
void merge_definitions(const Value& input, Table& t) {
    for (KeyPart& d : read_attribute_definitions(input)) {
        auto known = std::find_if(t.definitions.begin(), t.definitions.end(), [&](const KeyPart& k) { return k.name == d.name; });
        if (known == t.definitions.end()) t.definitions.push_back(std::move(d));
        else if (known->type != d.type)
            throw errors::invalid_parameter(
                fmt::format("Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Attribute: {}", d.name));
    }
}

void create_index(WriteScope& scope, const Value& input, const Value& create, Table& t) {
    if (t.find_index(create.text("IndexName"))) throw errors::validation("Attempting to create an index which already exists");
    Index index = read_index(create, true, t.on_demand, read_attribute_definitions(input));
    if (std::count_if(t.indexes.begin(), t.indexes.end(), [](const Index& i) { return i.global; }) >= static_cast<std::ptrdiff_t>(limits::global_indexes))
        throw errors::invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
    merge_definitions(input, t);
    index.id = scope.store.new_id(scope.db());
    backfill(scope, t, index);
    t.indexes.push_back(std::move(index));
}

void delete_index(WriteScope& scope, std::string_view name, Table& t) {
    auto it = std::find_if(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return i.global && i.name == name; });
    if (it == t.indexes.end()) throw errors::no_such_index_to_change(t.name, name);
    drop_index(scope, *it);
    t.indexes.erase(it);
}

void change_indexes(WriteScope& scope, const Value& input, Table& t) {
    for (const Value& u : input.list("GlobalSecondaryIndexUpdates")) {
        if (u.has("Create")) create_index(scope, input, u["Create"], t);
        if (u.has("Delete")) delete_index(scope, u["Delete"].text("IndexName"), t);
        if (!u.has("Update")) continue;
        const std::string_view name = u["Update"].text("IndexName");
        auto it = std::find_if(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return i.global && i.name == name; });
        if (it == t.indexes.end()) throw errors::no_such_index_to_change(t.name, name);
        if (u["Update"].has("ProvisionedThroughput")) it->throughput = read_throughput(u["Update"]["ProvisionedThroughput"]);
    }
    prune_definitions(t);
}

}  // namespace

Value update_table(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(input);
    check_parameters_given(input);

    // 2. Change.
    auto& tables = store(ctx);
    WriteScope scope(tables);
    Table table = *require_described_table(ctx, scope.db(), name);
    change_billing(input, table, ctx.now());
    if (input.has("StreamSpecification")) change_stream(scope, input["StreamSpecification"], table, ctx.now());
    change_indexes(scope, input, table);
    if (input.has("DeletionProtectionEnabled")) table.deletion_protected = input.flag("DeletionProtectionEnabled");
    for (std::string_view setting : {"SSESpecification", "TableClass", "OnDemandThroughput", "WarmThroughput"})
        if (input.has(setting)) table.recorded[setting] = input[setting];
    tables.save(scope.db(), table);

    // 3. Answer.
    Object answer{{"TableDescription", describe(scope.db(), tables, table, "UPDATING")}};
    scope.commit();
    return answer;
}

}  // namespace virga::dynamodb
