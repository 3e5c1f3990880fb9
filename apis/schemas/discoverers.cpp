#include "apis/schemas/discovery.hpp"
#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/bus/bus_store.hpp"

namespace virga::schemas {

namespace {

Value describe(const schema::Schemas& store, const schema::Discoverer& d, bool with_description = true) {
    Value out = Object{{"DiscovererArn", store.discoverer_arn(d.id)},
                       {"DiscovererId", d.id},
                       {"SourceArn", d.source},
                       {"State", d.state},
                       {"CrossAccount", d.cross_account},
                       {"Tags", tags_value(d.tags)}};
    if (with_description && !d.description.empty()) out["Description"] = d.description;
    return out;
}

Value set_state(Context& ctx, const Value& input, const char* state) {
    auto& store = ctx.partition->part<schema::Schemas>();
    schema::Discoverer d;
    {
        auto tx = ctx.partition->write();
        d = require_discoverer(ctx, tx.db(), store, input);
        d.state = state;
        store.save_discoverer(tx.db(), d);
        tx.commit();
    }
    follow_state(*ctx.partition, d);
    return Object{{"DiscovererId", d.id}, {"State", d.state}};
}

}  // namespace

Value create_discoverer(Context& ctx, const Value& input) {
    // 1. Validate
    auto source = input.text("SourceArn");
    auto arn = Arn::parse(source);
    if (!arn || arn->service != "events" || !arn->resource.starts_with("event-bus/")) throw errors::source_is_no_bus();
    if (arn->region != ctx.region()) throw errors::bus_in_other_region();
    if (PartitionId{arn->account, arn->region} != ctx.partition->id()) throw errors::bad_request("The event bus is in another account.");
    auto& store = ctx.partition->part<schema::Schemas>();
    if (!ctx.partition->part<bus::Buses>().find_bus(arn->name())) throw errors::no_such_bus(arn->name());
    // 2. Act
    schema::Discoverer d{"events-event-bus-" + std::string(arn->name()), std::string(source), std::string(input.text("Description")), "STARTED",
                         input.flag("CrossAccount", true), tags_of(input)};
    ctx.resource = store.discoverer_arn(d.id);
    {
        auto tx = ctx.partition->write();
        if (store.find_discoverer(tx.db(), d.id)) throw errors::discoverer_exists(source);
        store.save_discoverer(tx.db(), d);
        tx.commit();
    }
    follow_state(*ctx.partition, d);
    // 3. Answer
    return describe(store, d);
}

Value describe_discoverer(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    return describe(store, require_discoverer(ctx, reading.db(), store, input));
}

Value update_discoverer(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    schema::Discoverer d;
    {
        auto tx = ctx.partition->write();
        d = require_discoverer(ctx, tx.db(), store, input);
        if (input.has("Description")) d.description = input.text("Description");
        if (input.has("CrossAccount")) d.cross_account = input.flag("CrossAccount");
        store.save_discoverer(tx.db(), d);
        tx.commit();
    }
    follow_state(*ctx.partition, d);
    return describe(store, d);
}

Value delete_discoverer(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    schema::Discoverer d;
    {
        auto tx = ctx.partition->write();
        d = require_discoverer(ctx, tx.db(), store, input);
        store.remove_discoverer(tx.db(), d.id);
        tx.commit();
    }
    follow_state(*ctx.partition, d, true);
    return Object();
}

Value list_discoverers(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    auto reading = ctx.partition->read();
    auto all = store.discoverers(reading.db());
    std::erase_if(all, [&](const schema::Discoverer& d) { return !d.id.starts_with(input.text("DiscovererIdPrefix")) || !d.source.starts_with(input.text("SourceArnPrefix")); });
    return page(all, input, "Discoverers", [](const auto& d) { return d.id; }, [&](const schema::Discoverer& d) { return describe(store, d, false); });
}

Value start_discoverer(Context& ctx, const Value& input) { return set_state(ctx, input, "STARTED"); }

Value stop_discoverer(Context& ctx, const Value& input) { return set_state(ctx, input, "STOPPED"); }

}  // namespace virga::schemas
