#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/archive_store.hpp"
#include "emulator/bus/errors.hpp"

namespace virga::events {

namespace {

std::string archive_arn(Context& ctx, const std::string& name) { return ctx.partition->arn("events", "archive/" + name); }

bus::Archive require_archive(Context& ctx, const std::string& name) {
    auto archive = ctx.partition->part<bus::Archives>().find(name);
    if (!archive) throw bus::errors::no_such_archive(name);
    ctx.resource = archive_arn(ctx, name);
    return *archive;
}

void check_pattern(const std::string& pattern) {
    if (pattern.empty()) return;
    try {
        bus::Pattern::compile(pattern);
    } catch (const bus::PatternError& e) {
        throw bus::errors::invalid_pattern(e);
    }
}

void read_settings(const Value& input, bus::Archive& archive) {
    if (input.has("Description")) archive.description = input.text("Description");
    if (input.has("EventPattern")) archive.pattern = input.text("EventPattern");
    if (input.has("KmsKeyIdentifier")) archive.kms_key = input.text("KmsKeyIdentifier");
    if (input.has("RetentionDays")) archive.retention_days = input.integer("RetentionDays");
    check_pattern(archive.pattern);
}

// The managed rule that feeds the archive, visible like any other, with the target that AWS gives it.
void save_rule(Context& ctx, const BusRef& ref, const bus::Archive& archive) {
    bus::Rule rule;
    rule.bus = archive.bus;
    rule.name = bus::archive_rule_name(archive.name);
    rule.pattern = bus::archive_rule_pattern(archive.pattern);
    rule.managed_by = bus::archive_manager;
    rule.created_by = ctx.account();
    std::string text = R"({"archive-arn": ")" + archive_arn(ctx, archive.name) +
                       R"(", "event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>})";
    Value transformer = Object{{"InputPathsMap", Object()}, {"InputTemplate", text}};
    rule.targets.push_back(Object{{"Id", rule.name}, {"Arn", "arn:aws:events:" + ctx.region() + ":::"}, {"InputTransformer", transformer}});
    ref.buses->save_rule(std::move(rule));
}

Value summary(const BusRef& ref, const bus::Archive& a) {
    return Object{{"ArchiveName", a.name},       {"EventSourceArn", ref.buses->bus_arn(a.bus)}, {"State", "ENABLED"},
                  {"RetentionDays", a.retention_days}, {"SizeBytes", a.bytes},                        {"EventCount", a.events},
                  {"CreationTime", Timestamp{a.created}}};
}

}  // namespace

Value create_archive(Context& ctx, const Value& input) {
    // 1. Look up
    auto& archives = ctx.partition->part<bus::Archives>();
    BusRef ref = bus_ref(ctx, input.text("EventSourceArn"));
    auto guard = ref.buses->exclusive();
    std::string name(input.text("ArchiveName"));
    if (ref.partition != ctx.partition) throw bus::errors::no_such_bus(ref.name);
    require_bus(ref);
    if (archives.find(name)) throw bus::errors::archive_exists(name);
    // 2. Validate
    bus::Archive archive;
    archive.name = name;
    archive.bus = ref.name;
    archive.created = ctx.now();
    read_settings(input, archive);
    // 3. Act
    archives.save(archive);
    save_rule(ctx, ref, archive);
    // 4. Answer
    ctx.resource = archive_arn(ctx, name);
    return Object{{"ArchiveArn", ctx.resource}, {"State", "ENABLED"}, {"CreationTime", Timestamp{archive.created}}};
}

Value describe_archive(Context& ctx, const Value& input) {
    auto archive = require_archive(ctx, std::string(input.text("ArchiveName")));
    Value answer = summary(bus_ref(ctx, archive.bus), archive);
    answer["ArchiveArn"] = ctx.resource;
    set_text(answer, "Description", archive.description);
    set_text(answer, "EventPattern", archive.pattern);
    set_text(answer, "KmsKeyIdentifier", archive.kms_key);
    return answer;
}

Value list_archives(Context& ctx, const Value& input) {
    if (input.has("NamePrefix") + input.has("EventSourceArn") + input.has("State") > 1) throw bus::errors::several_filters("ListArchives");
    BusRef ref = bus_ref(ctx, "");
    auto all = ctx.partition->part<bus::Archives>().list();
    std::erase_if(all, [&](const bus::Archive& a) {
        return (input.has("EventSourceArn") && ref.buses->bus_arn(a.bus) != input.text("EventSourceArn")) || (input.has("State") && input.text("State") != "ENABLED");
    });
    Value answer = Object{{"Archives", Array()}};
    for (const auto& archive : page(all, input, answer, [](const bus::Archive& a) -> std::string_view { return a.name; }))
        answer["Archives"].as_array().push_back(summary(ref, archive));
    return answer;
}

Value update_archive(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, "");
    auto guard = ref.buses->exclusive();
    auto archive = require_archive(ctx, std::string(input.text("ArchiveName")));
    read_settings(input, archive);
    ctx.partition->part<bus::Archives>().save(archive);
    save_rule(ctx, ref, archive);
    return Object{{"ArchiveArn", ctx.resource}, {"State", "ENABLED"}, {"CreationTime", Timestamp{archive.created}}};
}

Value delete_archive(Context& ctx, const Value& input) {
    BusRef ref = bus_ref(ctx, "");
    auto guard = ref.buses->exclusive();
    auto archive = require_archive(ctx, std::string(input.text("ArchiveName")));
    ctx.partition->part<bus::Archives>().remove(archive.name);
    if (auto rule = ref.buses->find_rule(archive.bus, bus::archive_rule_name(archive.name))) ref.buses->delete_rule(*rule);
    return Object();
}

}  // namespace virga::events
