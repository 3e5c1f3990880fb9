#include <algorithm>

#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/json.hpp"

namespace virga::schemas {

namespace {

constexpr std::size_t longest_name = 385;

void check_name(std::string_view name) {
    auto ok = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '@'; };
    if (name.empty() || name.size() > longest_name || !std::all_of(name.begin(), name.end(), ok)) throw errors::bad_request("Schema name is not valid.");
}

// 3.0.<digit>, and perhaps "-" with something behind it.
bool is_open_api_version(std::string_view version) {
    if (!version.starts_with("3.0.") || version.size() < 5 || version[4] < '0' || version[4] > '9') return false;
    return version.size() == 5 || (version[5] == '-' && version.size() > 6);
}

// What is enough to tell one type from the other.
void check_content(std::string_view type, std::string_view content) {
    Value document;
    if (!json::try_parse(content, document) || !document.is_object()) throw errors::content_not_json();
    if (type == "OpenApi3" && document.has("$schema")) throw errors::schema_key_in_open_api();
    if (type == "OpenApi3" && !is_open_api_version(document.text("openapi"))) throw errors::wrong_open_api_version();
    if (type == "JSONSchemaDraft4" && document.has("$schema") && document.text("$schema").find("draft-04") == std::string_view::npos)
        throw errors::bad_request("The content is not a valid JSON Schema draft 4 document.");
}

Value describe(const schema::Schemas& store, const schema::Schema& s, const schema::Version& v) {
    Value out = Object{{"LastModified", Timestamp{s.modified}},
                       {"SchemaArn", store.schema_arn(s.registry, s.name)},
                       {"SchemaName", s.name},
                       {"SchemaVersion", std::to_string(v.number)},
                       {"Tags", tags_value(s.tags)},
                       {"Type", s.type},
                       {"VersionCreatedDate", Timestamp{v.created}}};
    if (!s.description.empty()) out["Description"] = s.description;
    return out;
}

}  // namespace

Value create_schema(Context& ctx, const Value& input) {
    // 1. Validate
    auto& store = ctx.partition->part<schema::Schemas>();
    auto registry = input.text("RegistryName"), name = input.text("SchemaName");
    ctx.resource = store.schema_arn(registry, name);
    check_name(name);
    check_writable(registry);
    check_content(input.text("Type"), input.text("Content"));
    // 2. Look up
    auto tx = ctx.partition->write();
    require_registry(tx.db(), store, registry);
    if (store.find_schema(tx.db(), registry, name)) throw errors::schema_exists(name);
    // 3. Act
    schema::Schema made;
    made.registry = registry;
    made.name = name;
    made.type = input.text("Type");
    made.description = input.text("Description");
    made.modified = ctx.now();
    made.tags = tags_of(input);
    store.save_schema(tx.db(), made);
    auto version = store.add_version(tx.db(), made, std::string(input.text("Content")), ctx.now());
    tx.commit();
    // 4. Answer
    return describe(store, made, version);
}

Value describe_schema(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    auto found = require_schema(ctx, reading.db(), store, input);
    auto version = require_version(reading.db(), store, found, input);
    Value answer = describe(store, found, version);
    answer["Content"] = version.content;
    return answer;
}

// Other content makes a new version.
Value update_schema(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    check_writable(input.text("RegistryName"));
    auto tx = ctx.partition->write();
    auto found = require_schema(ctx, tx.db(), store, input);
    if (input.has("Type") && input.text("Type") != found.type) throw errors::bad_request("The type of a schema cannot be changed.");
    if (input.has("Content")) check_content(found.type, input.text("Content"));
    if (input.has("Description")) found.description = input.text("Description");
    found.modified = ctx.now();
    store.save_schema(tx.db(), found);
    auto version = *store.find_version(tx.db(), found.id, 0);
    if (input.has("Content") && input.text("Content") != version.content) version = store.add_version(tx.db(), found, std::string(input.text("Content")), ctx.now());
    tx.commit();
    return describe(store, found, version);
}

Value delete_schema(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    check_writable(input.text("RegistryName"));
    auto tx = ctx.partition->write();
    store.remove_schema(tx.db(), require_schema(ctx, tx.db(), store, input).id);
    tx.commit();
    return Object();
}

Value list_schemas(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    auto registry = require_registry(reading.db(), store, input.text("RegistryName"));
    auto all = store.schemas(reading.db(), registry.name);
    std::erase_if(all, [&](const schema::Schema& s) { return !s.name.starts_with(input.text("SchemaNamePrefix")); });
    return page(all, input, "Schemas", [](const auto& s) { return s.name; }, [&](const schema::Schema& s) -> Value {
        return Object{{"LastModified", Timestamp{s.modified}},
                      {"SchemaArn", store.schema_arn(s.registry, s.name)},
                      {"SchemaName", s.name},
                      {"Tags", tags_value(s.tags)},
                      {"VersionCount", s.versions}};
    });
}

}  // namespace virga::schemas
