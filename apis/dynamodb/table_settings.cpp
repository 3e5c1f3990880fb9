#include "apis/dynamodb/table_settings.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// "arn:aws:dynamodb:us-east-1:1...:" of the table's ARN, for another service.
std::string arn_of(const Table& t, std::string_view service, std::string_view resource) {
    const auto rest = std::string_view(t.arn).substr(t.arn.find(":dynamodb:") + 10);
    return fmt::format("arn:aws:{}:{}:{}", service, rest.substr(0, rest.find(":table/")), resource);
}

// The key as an ARN, in whatever form it was named; the account's own key for DynamoDB when it was not.
std::string key_arn(const Table& t, std::string_view key) {
    if (key.starts_with("arn:")) return std::string(key);
    if (key.starts_with("alias/")) return arn_of(t, "kms", key);
    if (!key.empty()) return arn_of(t, "kms", fmt::format("key/{}", key));
    const std::string owner = arn_of(t, "kms", "alias/aws/dynamodb");
    const std::string h = fmt::format("{:016x}{:016x}", hash64(owner, 1), hash64(owner, 2));
    return arn_of(t, "kms", fmt::format("key/{}-{}-4{}-a{}-{}", h.substr(0, 8), h.substr(8, 4), h.substr(13, 3), h.substr(17, 3), h.substr(20, 12)));
}

void read_encryption(const Value& spec, Table& t) {
    const bool named = spec.has("KMSMasterKeyId") || spec.has("SSEType");
    if (named && spec.has("Enabled") && !spec.flag("Enabled")) throw errors::encryption_of_disabled();
    if (spec.text("SSEType") == "AES256") throw errors::unsupported_encryption();
    if (spec.has("KMSMasterKeyId") && !spec.flag("Enabled")) throw errors::key_of_disabled();
    t.recorded["SSESpecification"] = spec;
}

// Limits on requests make sense on demand only; -1 takes one off.
void read_on_demand(const Value& given, Object& recorded, bool on_demand, std::string_view index = {}) {
    if (!on_demand) throw errors::on_demand_limits_refused();
    Value& kept = recorded["OnDemandThroughput"];
    for (std::string_view unit : {"MaxReadRequestUnits", "MaxWriteRequestUnits"}) {
        if (!given.has(unit)) continue;
        if (given.integer(unit) != -1 && given.integer(unit) < 1) throw errors::on_demand_limit_out_of_range(unit, index);
        kept[unit] = given[unit];
    }
}

// "You can only increase warm throughput": what a table has been warmed for it keeps.
void read_warm(const Value& given, Object& recorded, bool on_demand, const Throughput& provisioned) {
    const Value now = describe_warm_throughput(recorded, on_demand, provisioned);
    Value& kept = recorded["WarmThroughput"];
    for (std::string_view unit : {"ReadUnitsPerSecond", "WriteUnitsPerSecond"}) {
        if (!given.has(unit)) continue;
        if (given.integer(unit) < now.integer(unit)) throw errors::cooler(unit);
        kept[unit] = given[unit];
    }
}

}  // namespace

void read_settings(const Value& input, Table& t, TimeMs now, bool creating) {
    if (input.has("SSESpecification")) read_encryption(input["SSESpecification"], t);
    if (input.has("TableClass")) {
        t.recorded["TableClass"] = input["TableClass"];
        if (!creating) t.recorded["TableClassChanged"] = now;
    }
    if (input.has("OnDemandThroughput")) read_on_demand(input["OnDemandThroughput"], t.recorded, t.on_demand);
    if (input.has("WarmThroughput")) read_warm(input["WarmThroughput"], t.recorded, t.on_demand, t.throughput);
}

void read_index_settings(const Value& input, Index& index, bool on_demand) {
    if (input.has("OnDemandThroughput")) read_on_demand(input["OnDemandThroughput"], index.recorded, on_demand, index.name);
    if (input.has("WarmThroughput")) read_warm(input["WarmThroughput"], index.recorded, on_demand, index.throughput);
}

// What an on-demand table is ready for from its first second; a provisioned one for what it has.
Object describe_warm_throughput(const Object& recorded, bool on_demand, const Throughput& provisioned) {
    std::int64_t read = on_demand ? 12000 : provisioned.read, write = on_demand ? 4000 : provisioned.write;
    if (const Value* kept = recorded.find("WarmThroughput")) {
        read = std::max(read, kept->integer("ReadUnitsPerSecond"));
        write = std::max(write, kept->integer("WriteUnitsPerSecond"));
    }
    return {{"ReadUnitsPerSecond", read}, {"WriteUnitsPerSecond", write}, {"Status", "ACTIVE"}};
}

Value describe_on_demand(const Object& recorded) {
    const Value* kept = recorded.find("OnDemandThroughput");
    if (!kept) return {};
    return Object{{"MaxReadRequestUnits", kept->integer("MaxReadRequestUnits", -1)}, {"MaxWriteRequestUnits", kept->integer("MaxWriteRequestUnits", -1)}};
}

Value describe_encryption(const Table& t) {
    const Value* sse = t.recorded.find("SSESpecification");
    if (!sse || !sse->flag("Enabled")) return {};
    return Object{{"Status", "ENABLED"}, {"SSEType", "KMS"}, {"KMSMasterKeyArn", key_arn(t, sse->text("KMSMasterKeyId"))}};
}

void describe_settings(Object& out, const Table& t, TimeMs now) {
    if (Value sse = describe_encryption(t); !sse.is_null()) out.append("SSEDescription", std::move(sse));
    if (const Value* table_class = t.recorded.find("TableClass")) {
        Object summary{{"TableClass", *table_class}};
        if (const Value* at = t.recorded.find("TableClassChanged")) summary.append("LastUpdateDateTime", Timestamp{at->as_integer()});
        out.append("TableClassSummary", std::move(summary));
    }
    if (Value limits = describe_on_demand(t.recorded); !limits.is_null() && t.on_demand) out.append("OnDemandThroughput", std::move(limits));
    if (const Value* restore = t.recorded.find("RestoreSummary")) {
        Object summary;
        for (std::string_view name : {"SourceBackupArn", "SourceTableArn"})
            if (restore->has(name)) summary.append(std::string(name), (*restore)[name]);
        summary.append("RestoreDateTime", Timestamp{restore->integer("RestoreDateTime")});
        summary.append("RestoreInProgress", now < t.ready_at);
        out.append("RestoreSummary", std::move(summary));
    }
}

}  // namespace virga::dynamodb
