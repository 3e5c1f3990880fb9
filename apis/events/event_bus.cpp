#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "apis/events/target_rules.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

// The members that Create, Update and Describe share.
void write_settings(const bus::BusInfo& info, Value& answer) {
    set_text(answer, "Description", info.description);
    set_text(answer, "KmsKeyIdentifier", info.kms_key);
    if (!info.dead_letter.is_null()) answer["DeadLetterConfig"] = info.dead_letter;
    if (!info.log_config.is_null()) answer["LogConfig"] = info.log_config;
}

void read_settings(Context& ctx, const Value& input, bus::BusInfo& info) {
    info.description = input.text("Description");
    info.kms_key = input.text("KmsKeyIdentifier");
    info.dead_letter = input["DeadLetterConfig"];
    info.log_config = input["LogConfig"];
    check_dead_letter(info.dead_letter, ctx.region());
}

void write_summary(const BusRef& ref, const bus::BusInfo& info, Value& answer) {
    answer["Name"] = info.name;
    answer["Arn"] = ref.buses->bus_arn(info.name);
    set_text(answer, "Policy", info.policy);
    answer["CreationTime"] = Timestamp{info.created};
    answer["LastModifiedTime"] = Timestamp{info.modified};
}

// A bus for a partner's source has its name.
void check_source(Context& ctx, const std::string& name, const std::string& source) {
    if (name != source) throw bus::errors::bus_name_is_not_source();
    Value found = ctx.partition->part<bus::Resources>().find(bus::kind::event_source, source);
    if (found.is_null() || found.text("State") == "DELETED") throw bus::errors::no_such_event_source(source);
}

}  // namespace

Value create_event_bus(Context& ctx, const Value& input) {
    // 1. Validate
    std::string name(input.text("Name"));
    std::string source(input.text("EventSourceName"));
    if (!source.empty()) check_source(ctx, name, source);
    else if (name.find('/') != std::string::npos) throw bus::errors::bus_name_with_slash();
    auto tags = read_tags(input);
    bus::BusInfo info;
    info.name = name;
    read_settings(ctx, input, info);
    // 2. Look up
    BusRef ref = bus_ref(ctx, name);
    auto guard = ref.buses->exclusive();
    if (ref.buses->find_bus(name)) throw bus::errors::bus_exists(name);
    if (ref.buses->list_buses().size() >= bus::limits::buses) throw bus::errors::quota_exceeded();
    // 3. Act
    info.created = info.modified = ctx.now();
    ref.buses->save_bus(info, tags);
    if (!source.empty()) set_event_source_state(*ctx.partition, source, "ACTIVE", ctx.now());
    // 4. Answer
    ctx.resource = ref.buses->bus_arn(name);
    Value answer = Object{{"EventBusArn", ctx.resource}};
    write_settings(info, answer);
    return answer;
}

Value describe_event_bus(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("Name"));
    auto info = require_bus(ref);
    ctx.resource = ref.buses->bus_arn(info.name);
    Value answer = Object();
    write_summary(ref, info, answer);
    write_settings(info, answer);
    return answer;
}

Value list_event_buses(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, "");
    Value answer = Object{{"EventBuses", Array()}};
    for (const auto& info : page(ref.buses->list_buses(), input, answer, [](const bus::BusInfo& i) -> std::string_view { return i.name; })) {
        Value entry = Object();
        write_summary(ref, info, entry);
        set_text(entry, "Description", info.description);
        answer["EventBuses"].as_array().push_back(std::move(entry));
    }
    return answer;
}

Value update_event_bus(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("Name"));
    auto guard = ref.buses->exclusive();
    auto info = require_bus(ref);
    read_settings(ctx, input, info);
    info.modified = ctx.now();
    ref.buses->save_bus(info);
    ctx.resource = ref.buses->bus_arn(info.name);
    Value answer = Object{{"Arn", ctx.resource}, {"Name", info.name}};
    write_settings(info, answer);
    return answer;
}

// Deleting what is not there succeeds.
Value delete_event_bus(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, input.text("Name"));
    if (ref.name == "default") throw bus::errors::default_bus_is_permanent();
    auto guard = ref.buses->exclusive();
    ctx.resource = ref.buses->bus_arn(ref.name);
    if (ref.buses->find_bus(ref.name)) ref.buses->delete_bus(ref.name);
    set_event_source_state(*ref.partition, ref.name, "PENDING", ctx.now());
    return Object();
}

}  // namespace virga::events
