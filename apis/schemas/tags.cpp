#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/arn.hpp"

namespace virga::schemas {

namespace {

// Calls `change(tags)` with the tags of what the ARN names, and stores them when `store_back`.
template <class Change>
void with_tags(Database& db, schema::Schemas& store, const std::string& text, bool store_back, Change change) {
    auto arn = Arn::parse(text);
    if (!arn || arn->service != "schemas") throw errors::no_such_resource(text);
    std::string name(arn->name());
    if (arn->resource.starts_with("registry/")) {
        if (auto r = store.find_registry(db, name); r && store.registry_arn(name) == text) {
            change(r->tags);
            if (store_back) store.save_registry(db, *r);
            return;
        }
    } else if (arn->resource.starts_with("discoverer/")) {
        if (auto d = store.find_discoverer(db, name); d && store.discoverer_arn(name) == text) {
            change(d->tags);
            if (store_back) store.save_discoverer(db, *d);
            return;
        }
    } else if (auto slash = name.find('/'); arn->resource.starts_with("schema/") && slash != std::string::npos) {
        if (auto s = store.find_schema(db, name.substr(0, slash), name.substr(slash + 1)); s && store.schema_arn(s->registry, s->name) == text) {
            change(s->tags);
            if (store_back) store.save_schema(db, *s);
            return;
        }
    }
    throw errors::no_such_resource(text);
}

}  // namespace

Value tag_resource(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    ctx.resource = input.text("ResourceArn");
    auto tx = ctx.partition->write();
    with_tags(tx.db(), store, ctx.resource, true, [&](schema::Tags& tags) { add_tags(tags, input); });
    tx.commit();
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    ctx.resource = input.text("ResourceArn");
    auto tx = ctx.partition->write();
    with_tags(tx.db(), store, ctx.resource, true, [&](schema::Tags& tags) {
        for (const auto& key : input.list("TagKeys")) tags.erase(key.as_string());
    });
    tx.commit();
    return Object();
}

Value list_tags_for_resource(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    ctx.resource = input.text("ResourceArn");
    Value out;
    auto reading = ctx.partition->read();
    with_tags(reading.db(), store, ctx.resource, false, [&](schema::Tags& tags) { out = tags_value(tags); });
    return Object{{"Tags", std::move(out)}};
}

}  // namespace virga::schemas
