#include "apis/schemas/find.hpp"

#include <charconv>

#include "apis/schemas/errors.hpp"
#include "emulator/base/tag_rules.hpp"

namespace virga::schemas {

namespace {
constexpr std::int64_t longest_page = 100;
}

schema::Registry require_registry(Database& db, const schema::Schemas& store, std::string_view name) {
    auto found = store.find_registry(db, name);
    if (!found) throw errors::no_such_registry(name);
    return *found;
}

void check_writable(std::string_view registry) {
    if (registry.starts_with("aws.")) throw errors::managed_registry();
}

schema::Schema require_schema(Context& ctx, Database& db, const schema::Schemas& store, const Value& input) {
    auto registry = input.text("RegistryName"), name = input.text("SchemaName");
    ctx.resource = store.schema_arn(registry, name);
    require_registry(db, store, registry);
    auto found = store.find_schema(db, registry, name);
    if (!found) throw errors::no_such_schema(name);
    return *found;
}

schema::Version require_version(Database& db, const schema::Schemas& store, const schema::Schema& schema, const Value& input) {
    auto text = input.text("SchemaVersion");
    std::int64_t number = 0;
    if (!text.empty()) {
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size() || number < 1) throw errors::no_such_version(schema.name, text);
    }
    auto found = store.find_version(db, schema.id, number);
    if (!found) throw errors::no_such_version(schema.name, text);
    return *found;
}

schema::Discoverer require_discoverer(Context& ctx, Database& db, const schema::Schemas& store, const Value& input) {
    auto id = input.text("DiscovererId");
    ctx.resource = store.discoverer_arn(id);
    auto found = store.find_discoverer(db, id);
    if (!found) throw errors::no_such_discoverer(id);
    return *found;
}

void add_tags(schema::Tags& tags, const Value& input) {
    for (const auto& [key, value] : input.object("Tags")) tags[key] = value.as_string();
    if (auto problem = tag_problem(tags)) throw errors::bad_request(*problem);
}

schema::Tags tags_of(const Value& input) {
    schema::Tags out;
    add_tags(out, input);
    return out;
}

Value tags_value(const schema::Tags& tags) {
    Value out = Object();
    for (const auto& [key, value] : tags) out[key] = value;
    return out;
}

std::string decode_token(const Value& input) {
    if (!input.has("NextToken")) return {};
    auto key = read_page_token(input.text("NextToken"));
    if (!key) throw errors::bad_request("Invalid NextToken.");
    return *key;
}

std::size_t page_limit(const Value& input) {
    auto limit = input.integer("Limit", longest_page);
    if (limit < 1 || limit > longest_page) throw errors::bad_request("Limit must be between 1 and 100.");
    return static_cast<std::size_t>(limit);
}

}  // namespace virga::schemas
