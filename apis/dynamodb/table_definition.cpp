#include "apis/dynamodb/table_definition.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr std::string_view reserved_tags = "aws:";  // "The aws: prefix is reserved"

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

// As the front end prints it.
std::string print(const Array& schema) {
    std::vector<std::string> elements;
    for (const Value& e : schema) elements.push_back(fmt::format("KeySchemaElement(attributeName={}, keyType={})", e.text("AttributeName"), e.text("KeyType")));
    return fmt::format("[{}]", fmt::join(elements, ", "));
}

// `parts` attributes for each half of the key: 1 for tables and local indexes, up to 4 for global ones.
Schema read_schema(const Array& schema, const std::vector<KeyPart>& definitions, std::size_t parts) {
    // Tables and local indexes have two key attributes at most, whatever the model allows for global ones.
    if (parts == 1 && schema.size() > 2) throw errors::too_many_key_elements(print(schema));
    const auto names = key_names_of(schema);
    if (std::any_of(names.begin(), names.end(), [&](std::string_view n) { return !find_definition(definitions, n); }))
        throw errors::undefined_key_attributes(names, names_of(definitions));
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (names[i] == names[j]) throw errors::same_key_name();
    Schema out;
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const bool hash = schema[i].text("KeyType") == "HASH";
        if (i == 0 && !hash) throw errors::first_key_not_hash();
        if (hash && !out.range.empty()) throw errors::hash_after_range();
        if (parts == 1 && i == 1 && hash) throw errors::second_key_not_range();
        auto& half = hash ? out.hash : out.range;
        half.push_back(*find_definition(definitions, names[i]));
        if (half.size() > parts) throw errors::too_many_key_parts(schema[i].text("KeyType"), parts);
    }
    return out;
}

void read_projection(const Value& projection, Index& index) {
    const std::string_view type = projection.text("ProjectionType");
    if (type.empty()) throw errors::unknown_projection();
    if (projection.has("NonKeyAttributes") && type != "INCLUDE") throw errors::names_without_include(type);
    if (type == "INCLUDE" && !projection.has("NonKeyAttributes")) throw errors::include_without_names();
    index.projection = type == "ALL" ? Index::Projection::all : type == "KEYS_ONLY" ? Index::Projection::keys_only : Index::Projection::include;
    for (const Value& name : projection.list("NonKeyAttributes")) index.included.push_back(name.as_string());
}

void read_billing(const Value& input, Table& t) {
    t.on_demand = input.text("BillingMode") == "PAY_PER_REQUEST";
    if (t.on_demand) {
        if (input.has("ProvisionedThroughput")) throw errors::throughput_refused();
        return;
    }
    if (!input.has("ProvisionedThroughput")) throw errors::throughput_required();
    check_throughput(input["ProvisionedThroughput"]);
    t.throughput = read_throughput(input["ProvisionedThroughput"]);
}

void read_indexes(const Value& input, Table& t) {
    auto add = [&](Index index) {
        if (t.find_index(index.name)) throw errors::duplicate_index(index.name);
        t.indexes.push_back(std::move(index));
    };
    if (input.has("LocalSecondaryIndexes")) {
        const Array& list = input.list("LocalSecondaryIndexes");
        if (list.empty()) throw errors::empty_index_list("LocalSecondaryIndexes");
        if (!t.range) throw errors::local_index_without_table_range();
        for (const Value& v : list) {
            const Schema keys = read_schema(v.list("KeySchema"), t.definitions, 1);
            if (keys.range.empty()) throw errors::local_index_without_range(v.text("IndexName"));
            if (keys.hash[0].name != t.hash.name) throw errors::other_leading_key(v.text("IndexName"), keys.hash[0].name, t.hash.name);
            add(read_index(v, false, t.on_demand, t.definitions));
        }
        if (list.size() > limits::local_indexes) throw errors::too_many_local_indexes();
    }
    if (input.has("GlobalSecondaryIndexes")) {
        const Array& list = input.list("GlobalSecondaryIndexes");
        if (list.empty()) throw errors::empty_index_list("GlobalSecondaryIndexes");
        for (const Value& v : list) add(read_index(v, true, t.on_demand, t.definitions));
        if (list.size() > limits::global_indexes) throw errors::too_many_global_indexes();
    }
    std::size_t included = 0;
    for (const Index& i : t.indexes) included += i.included.size();
    if (included > limits::projected_attributes) throw errors::too_many_projected(included);
}

void check_all_used(const Table& t) {
    Table used = t;
    prune_definitions(used);
    if (used.definitions.size() == t.definitions.size()) return;
    throw t.indexes.empty() ? errors::unused_definitions() : errors::unused_definitions(names_of(t.definitions), names_of(used.definitions));
}

// "Allowed characters are letters, white space, and numbers, plus the following special characters: + - = . _ : /" and @; letters of any script.
bool is_tag_char(char c) {
    const auto b = static_cast<unsigned char>(c);
    return b >= 0x80 || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || std::string_view(" +-=._:/@").find(c) != std::string_view::npos;
}

}  // namespace

void check_new_table_name(const Value& input) {
    const std::string_view name = input.text("TableName");
    if (!input.has("TableName")) throw errors::parameter_required("TableName");
    if (name.size() < limits::new_name_bytes) throw errors::too_short("tableName", name, limits::new_name_bytes);
    check_table_name(name);
}

std::vector<KeyPart> read_attribute_definitions(const Value& input) {
    std::vector<KeyPart> out;
    for (const Value& d : input.list("AttributeDefinitions")) {
        const std::string_view name = d.text("AttributeName");
        if (std::any_of(out.begin(), out.end(), [&](const KeyPart& known) { return known.name == name; })) throw errors::duplicate_definition();
        out.push_back({std::string(name), scalar_type(d.text("AttributeType"))});
    }
    return out;
}

void check_throughput(const Value& throughput) {
    for (std::string_view unit : {"ReadCapacityUnits", "WriteCapacityUnits"})
        if (throughput.integer(unit) > limits::throughput_units) throw errors::throughput_out_of_bounds(throughput.integer(unit), unit);
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
    if (on_demand && v.has("ProvisionedThroughput")) throw errors::index_throughput_refused(index.name);
    if (!on_demand && !v.has("ProvisionedThroughput")) throw errors::index_throughput_required(index.name);
    check_throughput(v["ProvisionedThroughput"]);
    index.throughput = read_throughput(v["ProvisionedThroughput"]);
    read_index_settings(v, index, on_demand);
    return index;
}

Table read_definition(const Value& input, TimeMs now) {
    // Constraints that the model leaves to the service: replicas of another account's table come without keys, no other table does.
    std::vector<std::string_view> missing;
    if (!input.has("AttributeDefinitions")) missing.push_back("attributeDefinitions");
    if (!input.has("KeySchema")) missing.push_back("keySchema");
    if (!missing.empty()) throw errors::members_required(missing);

    Table t;
    t.name = input.text("TableName");
    read_billing(input, t);
    t.definitions = read_attribute_definitions(input);
    const Array& schema = input.list("KeySchema");
    if (schema.size() > t.definitions.size()) throw errors::too_few_definitions();
    Schema keys = read_schema(schema, t.definitions, 1);
    t.hash = keys.hash[0];
    if (!keys.range.empty()) t.range = keys.range[0];
    read_indexes(input, t);
    check_all_used(t);
    const Value& stream = input["StreamSpecification"];
    if (stream.has("StreamViewType") && !stream.flag("StreamEnabled")) throw errors::view_of_disabled_stream(true);
    if (stream.flag("StreamEnabled") && !stream.has("StreamViewType")) throw errors::stream_without_view(true);
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
    for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
        const std::string_view key = tag->text("Key");
        if (key.substr(0, reserved_tags.size()) == reserved_tags) throw errors::reserved_tag_key();
        if (std::any_of(tags.begin(), tag, [&](const Value& other) { return other.text("Key") == key; })) throw errors::duplicate_tag_key(key);
        for (std::string_view text : {key, tag->text("Value")})
            if (!std::all_of(text.begin(), text.end(), is_tag_char)) throw errors::invalid_tag(text);
        t.tags[key] = tag->text("Value");
    }
    if (t.tags.size() > limits::tags) throw errors::too_many_tags(t.tags.size());
}

}  // namespace virga::dynamodb
