// DynamoDB and DynamoDB Streams: what there is. Each operation is in the file of its name.
#include "apis/dynamodb/early_checks.hpp"
#include "apis/dynamodb/expired_route.hpp"
#include "apis/dynamodb/exports.hpp"
#include "apis/dynamodb/imports.hpp"
#include "apis/dynamodb/kinesis_forwarding.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "emulator/table/backfill.hpp"
#include "emulator/table/destinations.hpp"
#include "emulator/table/expiry.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/replicas.hpp"
#include "emulator/table/replication.hpp"

namespace virga {

namespace {

void register_tables(ServiceApi& api) {
    using namespace dynamodb;
    api.on("CreateTable", create_table);
    api.on("DescribeTable", describe_table);
    api.on("UpdateTable", update_table);
    api.on("DeleteTable", delete_table);
    api.on("ListTables", list_tables);
    api.on("UpdateTimeToLive", update_time_to_live);
    api.on("DescribeTimeToLive", describe_time_to_live);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsOfResource", list_tags_of_resource);
    api.on("DescribeEndpoints", describe_endpoints);
    api.on("DescribeLimits", describe_limits);
    api.on("PutResourcePolicy", put_resource_policy);
    api.on("GetResourcePolicy", get_resource_policy);
    api.on("DeleteResourcePolicy", delete_resource_policy);
    api.on("UpdateContributorInsights", update_contributor_insights);
    api.on("DescribeContributorInsights", describe_contributor_insights);
    api.on("ListContributorInsights", list_contributor_insights);
    api.on_async("EnableKinesisStreamingDestination", enable_kinesis_streaming_destination);
    api.on("DisableKinesisStreamingDestination", disable_kinesis_streaming_destination);
    api.on("UpdateKinesisStreamingDestination", update_kinesis_streaming_destination);
    api.on("DescribeKinesisStreamingDestination", describe_kinesis_streaming_destination);
}

void register_global_tables(ServiceApi& api) {
    using namespace dynamodb;
    api.on("CreateGlobalTable", create_global_table);
    api.on("UpdateGlobalTable", update_global_table);
    api.on("DescribeGlobalTable", describe_global_table);
    api.on("ListGlobalTables", list_global_tables);
    api.on("DescribeGlobalTableSettings", describe_global_table_settings);
    api.on("UpdateGlobalTableSettings", update_global_table_settings);
    api.on("DescribeTableReplicaAutoScaling", describe_table_replica_auto_scaling);
    api.on("UpdateTableReplicaAutoScaling", update_table_replica_auto_scaling);
}

void register_backups(ServiceApi& api) {
    using namespace dynamodb;
    api.on("CreateBackup", create_backup);
    api.on("DescribeBackup", describe_backup);
    api.on("DeleteBackup", delete_backup);
    api.on("ListBackups", list_backups);
    api.on("DescribeContinuousBackups", describe_continuous_backups);
    api.on("UpdateContinuousBackups", update_continuous_backups);
    api.on("ExportTableToPointInTime", export_table_to_point_in_time);
    api.on("DescribeExport", describe_export);
    api.on("ListExports", list_exports);
    api.on("ImportTable", import_table);
    api.on("DescribeImport", describe_import);
    api.on("ListImports", list_imports);
    api.on("RestoreTableFromBackup", restore_table_from_backup);
    api.on("RestoreTableToPointInTime", restore_table_to_point_in_time);
}

void register_items(ServiceApi& api) {
    using namespace dynamodb;
    api.on("PutItem", put_item);
    api.on("GetItem", get_item);
    api.on("UpdateItem", update_item);
    api.on("DeleteItem", delete_item);
    api.on("Query", query);
    api.on("Scan", scan);
    api.on("BatchGetItem", batch_get_item);
    api.on("BatchWriteItem", batch_write_item);
    api.on("TransactGetItems", transact_get_items);
    api.on("TransactWriteItems", transact_write_items);
}

void register_partiql(ServiceApi& api) {
    using namespace dynamodb;
    api.on("ExecuteStatement", execute_statement);
    api.on("BatchExecuteStatement", batch_execute_statement);
    api.on("ExecuteTransaction", execute_transaction);
}

void register_streams(ServiceApi& api) {
    using namespace dynamodb;
    api.on("ListStreams", list_streams);
    api.on("DescribeStream", describe_stream);
    api.on("GetShardIterator", get_shard_iterator);
    api.on("GetRecords", get_records);
}

}  // namespace

void register_dynamodb(Dispatcher& dispatcher, World& world) {
    ServiceApi& tables = dispatcher.add_service(models::dynamodb());
    tables.request_id_form = RequestIdForm::upper_52;
    tables.internal_error_code = "InternalServerError";
    tables.longest_body = table::limits::request_bytes;
    tables.before_validation = dynamodb::check_early;
    register_tables(tables);
    register_backups(tables);
    register_global_tables(tables);
    register_items(tables);
    register_partiql(tables);

    ServiceApi& streams = dispatcher.add_service(models::dynamodb_streams());
    streams.request_id_form = RequestIdForm::upper_52;
    streams.internal_error_code = "InternalServerError";
    streams.longest_body = table::limits::request_bytes;
    register_streams(streams);

    world.job_kinds.on(table::expire_job, table::expire_items);
    world.job_kinds.on(table::backfill_job, table::backfill_index);
    world.job_kinds.on(table::remove_job, table::remove_deleted);
    world.job_kinds.on(table::replicate_job, table::replicate_items);
    world.job_kinds.on(table::spread_job, table::spread_table);
    world.job_kinds.on(table::part_job, table::part_replica);
    world.job_kinds.on(table::forward_job, dynamodb::forward_changes);
    world.job_kinds.on(dynamodb::export_job, dynamodb::run_export);
    world.job_kinds.on(dynamodb::import_job, dynamodb::run_import);
    dispatcher.add_route(dynamodb::expired_route(world));
}

}  // namespace virga
