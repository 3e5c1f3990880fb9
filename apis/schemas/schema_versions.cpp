#include <cstdio>

#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/schema/infer.hpp"

namespace virga::schemas {

namespace {

// Versions are listed by number: "10" after "9".
std::string sort_key(const schema::Version& v) {
    char text[24];
    std::snprintf(text, sizeof text, "%019lld", static_cast<long long>(v.number));
    return text;
}

}  // namespace

Value list_schema_versions(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    auto found = require_schema(ctx, reading.db(), store, input);
    return page(store.versions(reading.db(), found.id), input, "SchemaVersions", sort_key, [&](const schema::Version& v) -> Value {
        return Object{{"SchemaArn", ctx.resource}, {"SchemaName", found.name}, {"SchemaVersion", std::to_string(v.number)}, {"Type", found.type}};
    });
}

// With its last version a schema goes.
Value delete_schema_version(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    check_writable(input.text("RegistryName"));
    auto tx = ctx.partition->write();
    auto found = require_schema(ctx, tx.db(), store, input);
    auto version = require_version(tx.db(), store, found, input);
    store.remove_version(tx.db(), found.id, version.number);
    if (found.versions == 1) store.remove_schema(tx.db(), found.id);
    tx.commit();
    return Object();
}

// Schemas whose name or content has the keywords, letter case aside.
Value search_schemas(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto keywords = to_lower(input.text("Keywords"));
    if (keywords.empty()) throw errors::bad_request("Keywords must not be empty.");
    struct Hit {
        schema::Schema schema;
        std::vector<schema::Version> versions;
    };
    std::vector<Hit> hits;
    auto reading = ctx.partition->read();
    auto registry = require_registry(reading.db(), store, input.text("RegistryName"));
    for (auto& s : store.schemas(reading.db(), registry.name)) {
        bool by_name = to_lower(s.name).find(keywords) != std::string::npos;
        auto versions = store.versions(reading.db(), s.id);
        std::erase_if(versions, [&](const schema::Version& v) { return !by_name && to_lower(v.content).find(keywords) == std::string::npos; });
        if (!versions.empty()) hits.push_back({std::move(s), std::move(versions)});
    }
    return page(hits, input, "Schemas", [](const Hit& h) { return h.schema.name; }, [&](const Hit& h) -> Value {
        Array versions;
        for (const auto& v : h.versions) versions.push_back(Object{{"CreatedDate", Timestamp{v.created}}, {"SchemaVersion", std::to_string(v.number)}, {"Type", h.schema.type}});
        return Object{{"RegistryName", registry.name},
                      {"SchemaArn", store.schema_arn(registry.name, h.schema.name)},
                      {"SchemaName", h.schema.name},
                      {"SchemaVersions", std::move(versions)}};
    });
}

// https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname-export.html
Value export_schema(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto type = input.text("Type");
    if (type != "JSONSchemaDraft4") throw errors::bad_request("Schemas can be exported as JSONSchemaDraft4 only.");
    auto reading = ctx.partition->read();
    auto found = require_schema(ctx, reading.db(), store, input);
    auto version = require_version(reading.db(), store, found, input);
    std::string content = version.content;
    if (found.type != type) {
        content = schema::as_json_schema(json::parse(content));
        if (content.empty()) throw errors::bad_request("The schema has no components to export.");
    }
    return Object{{"Content", std::move(content)}, {"SchemaArn", ctx.resource}, {"SchemaName", found.name}, {"SchemaVersion", std::to_string(version.number)}, {"Type", type}};
}

}  // namespace virga::schemas
