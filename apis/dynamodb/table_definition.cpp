#include "apis/dynamodb/table_definition.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Schema {
    std::vector<KeyPart> hash, range;
};

const KeyPart* find_definition(const std::vector<KeyPart>& definitions, std::string_view name) {
    for (const KeyPart& d : definitions)
        if (d.name == name) return &d;
    return nullptr;
}

std::vector<std::string_view> names_of(const std::vector<KeyPart>& parts) {
    std::vector<std::string_view> names;
    for (const KeyPart& p : parts) names.push_back(p.name);
    return names;
}

std::vector<std::string_view> key_names_of(const Array& schema) {
    std::vector<std::string_view> names;
    for (const Value& e : schema) names.push_back(e.text("AttributeName"));
    return names;
}

// Tables and local indexes have two key attributes at most, whatever the model allows for global ones.
ApiError too_many_key_elements(const Array& schema) {
    std::vector<std::string> elements;
    for (const Value& e : schema) elements.push_back(fmt::format("KeySchemaElement(attributeName={}, keyType={})", e.text("AttributeName"), e.text("KeyType")));
    return errors::constraint(
        fmt::format("Value '[{}]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2", fmt::join(elements, ", ")));
}

// `parts` attributes for each half of the key: 1 for tables and local indexes, up to 4 for global ones.
Schema read_schema(const Array& schema, const std::vector<KeyPart>& definitions, std::size_t parts) {
    if (parts == 1 && schema.size() > 2) throw too_many_key_elements(schema);
    const auto names = key_names_of(schema);
    if (std::any_of(names.begin(), names.end(), [&](std::string_view n) { return !find_definition(definitions, n); }))
        throw errors::invalid_parameter(fmt::format("Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
                                                    fmt::join(names, ", "), fmt::join(names_of(definitions), ", ")));
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (names[i] == names[j]) throw errors::validation("Both the Hash Key and the Range Key element in the KeySchema have the same name");
    Schema out;
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const bool hash = schema[i].text("KeyType") == "HASH";
        if (i == 0 && !hash) throw errors::validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        if (hash && !out.range.empty()) throw errors::validation("Invalid KeySchema: HASH key elements must come before RANGE key elements");
        if (parts == 1 && i == 1 && hash) throw errors::validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        auto& half = hash ? out.hash : out.range;
        half.push_back(*find_definition(definitions, names[i]));
        if (half.size() > parts)
            throw errors::validation(fmt::format("Invalid KeySchema: The number of {} key elements exceeds the limit of {}", hash ? "HASH" : "RANGE", parts));
    }
    return out;
}

void read_projection(const Value& projection, Index& index) {
    const std::string_view type = projection.text("ProjectionType");
    if (type.empty()) throw errors::invalid_parameter("Unknown ProjectionType: null");
    if (projection.has("NonKeyAttributes") && type != "INCLUDE")
        throw errors::invalid_parameter(fmt::format("ProjectionType is {}, but NonKeyAttributes is specified", type));
    if (type == "INCLUDE" && !projection.has("NonKeyAttributes"))
        throw errors::invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
    index.projection = type == "ALL" ? Index::Projection::all : type == "KEYS_ONLY" ? Index::Projection::keys_only : Index::Projection::include;
    for (const Value& name : projection.list("NonKeyAttributes")) index.included.push_back(name.as_string());
}

void read_billing(const Value& input, Table& t) {
    t.on_demand = input.text("BillingMode") == "PAY_PER_REQUEST";
    if (t.on_demand) {
        if (input.has("ProvisionedThroughput"))
            throw errors::invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        return;
    }
    if (!input.has("ProvisionedThroughput"))
        throw errors::invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
    check_throughput(input["ProvisionedThroughput"]);
    t.throughput = read_throughput(input["ProvisionedThroughput"]);
}

void read_indexes(const Value& input, Table& t) {
    auto add = [&](Index index) {
        if (t.find_index(index.name)) throw errors::invalid_parameter(fmt::format("Duplicate index name: {}", index.name));
        t.indexes.push_back(std::move(index));
    };
    if (input.has("LocalSecondaryIndexes")) {
        const Array& list = input.list("LocalSecondaryIndexes");
        if (list.empty()) throw errors::invalid_parameter("List of LocalSecondaryIndexes is empty");
        if (!t.range)
            throw errors::invalid_parameter("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
        for (const Value& v : list) {
            const Schema keys = read_schema(v.list("KeySchema"), t.definitions, 1);
            if (keys.range.empty())
                throw errors::invalid_parameter(fmt::format("Index KeySchema does not have a range key for index: {}", v.text("IndexName")));
            if (keys.hash[0].name != t.hash.name)
                throw errors::invalid_parameter(
                    fmt::format("Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index hash key: {}, table hash key: {}",
                                v.text("IndexName"), keys.hash[0].name, t.hash.name));
            add(read_index(v, false, t.on_demand, t.definitions));
        }
        if (list.size() > limits::local_indexes) throw errors::invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
    }
    if (input.has("GlobalSecondaryIndexes")) {
        const Array& list = input.list("GlobalSecondaryIndexes");
        if (list.empty()) throw errors::invalid_parameter("List of GlobalSecondaryIndexes is empty");
        for (const Value& v : list) add(read_index(v, true, t.on_demand, t.definitions));
        if (list.size() > limits::global_indexes) throw errors::invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
    }
    std::size_t included = 0;
    for (const Index& i : t.indexes) included += i.included.size();
    if (included > limits::projected_attributes)
        throw errors::invalid_parameter(fmt::format("Number of projected attributes exceeds the limit of {}: {}", limits::projected_attributes, included));
}

void check_all_used(const Table& t) {
    Table used = t;
    prune_definitions(used);
    if (used.definitions.size() == t.definitions.size()) return;
    if (t.indexes.empty())
        throw errors::invalid_parameter("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions");
    throw errors::invalid_parameter(fmt::format("Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
                                                fmt::join(names_of(t.definitions), ", "), fmt::join(names_of(used.definitions), ", ")));
}

}  // namespace

void check_new_table_name(const Value& input) {
    const std::string_view name = input.text("TableName");
    if (!input.has("TableName")) throw errors::validation("The parameter 'TableName' is required but was not present in the request");
    if (name.size() < 3)
        throw errors::constraint(fmt::format("Value '{}' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3", name));
    table_name(name);
}

std::vector<KeyPart> read_attribute_definitions(const Value& input) {
    std::vector<KeyPart> out;
    for (const Value& d : input.list("AttributeDefinitions")) {
        const std::string_view name = d.text("AttributeName");
        if (std::any_of(out.begin(), out.end(), [&](const KeyPart& known) { return known.name == name; }))
            throw errors::invalid_parameter(fmt::format("Duplicate AttributeName in AttributeDefinitions: {}", name));
        out.push_back({std::string(name), scalar_type(d.text("AttributeType"))});
    }
    return out;
}

void check_throughput(const Value& throughput) {
    for (std::string_view unit : {"ReadCapacityUnits", "WriteCapacityUnits"})
        if (throughput.integer(unit) > 1'000'000'000'000)
            throw errors::validation(fmt::format("Given value {} for {} is out of bounds", throughput.integer(unit), unit));
}

Throughput read_throughput(const Value& throughput) { return {throughput.integer("ReadCapacityUnits"), throughput.integer("WriteCapacityUnits")}; }

Index read_index(const Value& v, bool global, bool on_demand, const std::vector<KeyPart>& definitions) {
    Index index;
    index.name = v.text("IndexName");
    index.global = global;
    Schema keys = read_schema(v.list("KeySchema"), definitions, global ? limits::global_key_parts : 1);
    index.hash = std::move(keys.hash);
    index.range = std::move(keys.range);
    read_projection(v["Projection"], index);
    if (!global) return index;
    if (on_demand && v.has("ProvisionedThroughput"))
        throw errors::invalid_parameter(
            fmt::format("ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST", index.name));
    if (!on_demand && !v.has("ProvisionedThroughput"))
        throw errors::invalid_parameter(fmt::format("ProvisionedThroughput must be specified for index: {}", index.name));
    check_throughput(v["ProvisionedThroughput"]);
    index.throughput = read_throughput(v["ProvisionedThroughput"]);
    read_index_settings(v, index, on_demand);
    return index;
}

Table read_definition(const Value& input, TimeMs now) {
    Table t;
    t.name = input.text("TableName");
    read_billing(input, t);
    t.definitions = read_attribute_definitions(input);
    const Array& schema = input.list("KeySchema");
    if (schema.size() > t.definitions.size()) throw errors::validation("Invalid KeySchema: Some index key attribute have no definition");
    Schema keys = read_schema(schema, t.definitions, 1);
    t.hash = keys.hash[0];
    if (!keys.range.empty()) t.range = keys.range[0];
    read_indexes(input, t);
    check_all_used(t);
    const Value& stream = input["StreamSpecification"];
    if (stream.has("StreamViewType") && !stream.flag("StreamEnabled"))
        throw errors::invalid_parameter("Table is being created with a stream disabled, UpdateViewType should not be specified");
    if (stream.flag("StreamEnabled") && !stream.has("StreamViewType"))
        throw errors::invalid_parameter("Table is being created with a stream enabled, UpdateViewType should be specified");
    t.deletion_protected = input.flag("DeletionProtectionEnabled");
    add_tags(t, input.list("Tags"));
    read_settings(input, t, now, true);
    return t;
}

void prune_definitions(Table& t) {
    std::erase_if(t.definitions, [&](const KeyPart& d) {
        return !t.is_key(d.name) && std::none_of(t.indexes.begin(), t.indexes.end(), [&](const Index& i) { return i.is_key(d.name); });
    });
}

void add_tags(Table& t, const Array& tags) {
    for (const Value& tag : tags) t.tags[tag.text("Key")] = tag.text("Value");
    if (t.tags.size() > limits::tags)
        throw errors::validation(fmt::format("One or more parameter values were invalid: Too many tags: {} exceeds the limit of {}", t.tags.size(), limits::tags));
}

}  // namespace virga::dynamodb
