// Partner event sources: the partner's side (it makes a source for an account) and the customer's (who makes a bus of that name).
#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "apis/events/publishing.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

// "If it remains in PENDING state for more than two weeks, it is deleted." (DeactivateEventSource)
constexpr TimeMs pending_ms = 14LL * 86'400'000;

// Partner sources have no account in their ARN.
std::string source_arn(Context& ctx, const std::string& name) { return "arn:aws:events:" + ctx.region() + "::event-source/" + name; }

bus::Resources& resources_of(Context& ctx, const std::string& account) { return ctx.world.partition({account, ctx.region()})->part<bus::Resources>(); }

std::string state_of(const Value& s, TimeMs now) {
    std::string state(s.text("State"));
    return state == "PENDING" && s.integer("ExpirationTime") <= now ? "DELETED" : state;
}

Value summary(Context& ctx, const std::string& name, const Value& s) {
    std::string state = state_of(s, ctx.now());
    Value out = Object{{"Arn", source_arn(ctx, name)}, {"CreatedBy", s["CreatedBy"]}, {"CreationTime", Timestamp{s.integer("CreationTime")}}, {"Name", name}, {"State", state}};
    if (state == "PENDING") out["ExpirationTime"] = Timestamp{s.integer("ExpirationTime")};
    return out;
}

Value require_source(Context& ctx, const Value& input) {
    Value found = ctx.partition->part<bus::Resources>().find(bus::kind::event_source, input.text("Name"));
    if (found.is_null()) throw bus::errors::no_such_event_source(input.text("Name"));
    ctx.resource = source_arn(ctx, std::string(input.text("Name")));
    return found;
}

Value set_state(Context& ctx, const Value& input, const char* state) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    Value source = require_source(ctx, input);
    if (state_of(source, ctx.now()) == "DELETED") throw bus::errors::event_source_not_pending(input.text("Name"));
    set_event_source_state(*ctx.partition, input.text("Name"), state, ctx.now());
    return Object();
}

// The accounts a source of the caller's was made for.
std::vector<std::string> accounts_of(Context& ctx, std::string_view source) {
    std::vector<std::string> out;
    for (const auto& r : ctx.partition->part<bus::Resources>().list(bus::kind::partner_source))
        if (r.document.text("Name") == source) out.emplace_back(r.document.text("Account"));
    return out;
}

}  // namespace

void set_event_source_state(Partition& partition, std::string_view name, const char* state, TimeMs now) {
    auto& resources = partition.part<bus::Resources>();
    Value source = resources.find(bus::kind::event_source, name);
    if (source.is_null()) return;
    source["State"] = state;
    source["ExpirationTime"] = now + pending_ms;
    resources.save(bus::kind::event_source, std::string(name), source);
}

Value create_partner_event_source(Context& ctx, const Value& input) {
    std::string name(input.text("Name")), account(input.text("Account"));
    auto& mine = ctx.partition->part<bus::Resources>();
    auto& theirs = resources_of(ctx, account);
    auto guard = theirs.exclusive();
    Value before = theirs.find(bus::kind::event_source, name);
    if (!before.is_null() && state_of(before, ctx.now()) != "DELETED") throw bus::errors::event_source_exists(name);
    mine.save(bus::kind::partner_source, name + " " + account, Object{{"Name", name}, {"Account", account}, {"CreationTime", ctx.now()}});
    // The partner is the second part of the name.
    std::string partner = name.substr(12, name.find('/', 12) - 12);
    theirs.save(bus::kind::event_source, name,
                Object{{"CreatedBy", partner}, {"State", "PENDING"}, {"CreationTime", ctx.now()}, {"ExpirationTime", ctx.now() + pending_ms}});
    ctx.resource = source_arn(ctx, name);
    return Object{{"EventSourceArn", ctx.resource}};
}

Value describe_partner_event_source(Context& ctx, const Value& input) {
    std::string name(input.text("Name"));
    if (accounts_of(ctx, name).empty()) throw bus::errors::no_such_event_source(name);
    ctx.resource = source_arn(ctx, name);
    return Object{{"Arn", ctx.resource}, {"Name", name}};
}

Value list_partner_event_sources(Context& ctx, const Value& input) {
    std::vector<std::string> names;
    for (const auto& r : ctx.partition->part<bus::Resources>().list(bus::kind::partner_source)) {
        std::string name(r.document.text("Name"));
        if (names.empty() || names.back() != name) names.push_back(name);
    }
    Value answer = Object{{"PartnerEventSources", Array()}};
    for (const auto& name : page(names, input, answer, [](const std::string& n) -> std::string_view { return n; }))
        answer["PartnerEventSources"].as_array().push_back(Object{{"Arn", source_arn(ctx, name)}, {"Name", name}});
    return answer;
}

Value list_partner_event_source_accounts(Context& ctx, const Value& input) {
    std::string name(input.text("EventSourceName"));
    auto accounts = accounts_of(ctx, name);
    if (accounts.empty()) throw bus::errors::no_such_event_source(name);
    Value answer = Object{{"PartnerEventSourceAccounts", Array()}};
    for (const auto& account : page(accounts, input, answer, [](const std::string& a) -> std::string_view { return a; })) {
        Value source = summary(ctx, name, resources_of(ctx, account).find(bus::kind::event_source, name));
        Value one = Object{{"Account", account}, {"CreationTime", source["CreationTime"]}, {"State", source["State"]}};
        if (source.has("ExpirationTime")) one["ExpirationTime"] = source["ExpirationTime"];
        answer["PartnerEventSourceAccounts"].as_array().push_back(std::move(one));
    }
    return answer;
}

// The customer sees that it is gone.
Value delete_partner_event_source(Context& ctx, const Value& input) {
    std::string name(input.text("Name")), account(input.text("Account"));
    auto& mine = ctx.partition->part<bus::Resources>();
    auto guard = mine.exclusive();
    if (mine.find(bus::kind::partner_source, name + " " + account).is_null()) return Object();
    mine.remove(bus::kind::partner_source, name + " " + account);
    set_event_source_state(*ctx.world.partition({account, ctx.region()}), name, "DELETED", ctx.now());
    return Object();
}

Value activate_event_source(Context& ctx, const Value& input) { return set_state(ctx, input, "ACTIVE"); }

Value deactivate_event_source(Context& ctx, const Value& input) { return set_state(ctx, input, "PENDING"); }

Value describe_event_source(Context& ctx, const Value& input) {
    Value source = require_source(ctx, input);
    return summary(ctx, std::string(input.text("Name")), source);
}

Value list_event_sources(Context& ctx, const Value& input) {
    Value answer = Object{{"EventSources", Array()}};
    auto all = ctx.partition->part<bus::Resources>().list(bus::kind::event_source);
    for (const auto& r : page(all, input, answer, [](const bus::Resource& x) -> std::string_view { return x.name; }))
        answer["EventSources"].as_array().push_back(summary(ctx, r.name, r.document));
    return answer;
}

// Events reach the accounts that have activated the source, on the bus of its name.
Value put_partner_events(Context& ctx, const Value& input) {
    Publishing publishing(ctx);
    Array results;
    for (const auto& entry : input.list("Entries")) {
        auto accounts = accounts_of(ctx, entry.text("Source"));
        results.push_back(publishing.publish_partner(entry, accounts));
    }
    publishing.commit();
    return Object{{"FailedEntryCount", publishing.failed()}, {"Entries", std::move(results)}};
}

}  // namespace virga::events
