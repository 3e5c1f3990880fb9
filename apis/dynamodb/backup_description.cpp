#include "apis/dynamodb/backup_description.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/table_description.hpp"
#include "apis/dynamodb/table_settings.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

Object throughput(const Throughput& t) { return {{"ReadCapacityUnits", t.read}, {"WriteCapacityUnits", t.write}}; }

Object source_table(const Backup& b) {
    const Table& t = b.table;
    Object out{{"TableName", t.name},
               {"TableId", t.uuid},
               {"TableArn", t.arn},
               {"TableSizeBytes", b.bytes},
               {"KeySchema", describe_key_schema(t)},
               {"TableCreationDateTime", Timestamp{t.created}},
               {"ProvisionedThroughput", throughput(t.throughput)},
               {"ItemCount", b.items},
               {"BillingMode", t.on_demand ? "PAY_PER_REQUEST" : "PROVISIONED"}};
    if (Value limits = describe_on_demand(t.recorded); !limits.is_null() && t.on_demand) out.append("OnDemandThroughput", std::move(limits));
    return out;
}

Object source_features(const Backup& b) {
    const Table& t = b.table;
    Object out;
    Array local, global;
    for (const Index& i : t.indexes) {
        Object index{{"IndexName", i.name}, {"KeySchema", describe_key_schema(i.hash, i.range)}, {"Projection", describe_projection(i)}};
        if (i.global) index.append("ProvisionedThroughput", throughput(i.throughput));
        (i.global ? global : local).push_back(std::move(index));
    }
    if (!local.empty()) out.append("LocalSecondaryIndexes", std::move(local));
    if (!global.empty()) out.append("GlobalSecondaryIndexes", std::move(global));
    if (t.stream) out.append("StreamDescription", Object{{"StreamEnabled", true}, {"StreamViewType", t.stream_view}});
    Object ttl{{"TimeToLiveStatus", t.ttl_attribute.empty() ? "DISABLED" : "ENABLED"}};
    if (!t.ttl_attribute.empty()) ttl.append("AttributeName", t.ttl_attribute);
    out.append("TimeToLiveDescription", std::move(ttl));
    if (Value sse = describe_encryption(t); !sse.is_null()) out.append("SSEDescription", std::move(sse));
    return out;
}

}  // namespace

Backup new_backup(Context& ctx, const Table& table, std::string name, std::string type) {
    Backup b;
    b.arn = fmt::format("{}/backup/{:014}-{}", table.arn, ctx.now(), ctx.random.uuid().substr(0, 8));
    b.name = std::move(name);
    b.type = std::move(type);
    b.created = ctx.now();
    b.ready_at = ctx.now() + delays(ctx.world).backup;
    return b;
}

std::string_view backup_status(const Backup& b, TimeMs now) { return now < b.ready_at ? "CREATING" : "AVAILABLE"; }

Object describe_backup_details(const Backup& b, std::string_view status) {
    Object out{{"BackupArn", b.arn},
               {"BackupName", b.name},
               {"BackupSizeBytes", b.bytes},
               {"BackupStatus", status},
               {"BackupType", b.type},
               {"BackupCreationDateTime", Timestamp{b.created}}};
    if (b.expires) out.append("BackupExpiryDateTime", Timestamp{b.expires});
    return out;
}

Object describe_backup(const Backup& b, std::string_view status) {
    return {{"BackupDetails", describe_backup_details(b, status)}, {"SourceTableDetails", source_table(b)}, {"SourceTableFeatureDetails", source_features(b)}};
}

}  // namespace virga::dynamodb
