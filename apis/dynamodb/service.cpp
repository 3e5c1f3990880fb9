// DynamoDB and DynamoDB Streams: what there is. Each operation is in the file of its name.
#include "apis/dynamodb/early_checks.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"
#include "emulator/table/expiry.hpp"

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
    api.on("DescribeContinuousBackups", describe_continuous_backups);
    api.on("UpdateContinuousBackups", update_continuous_backups);
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
    tables.before_validation = dynamodb::check_early;
    register_tables(tables);
    register_items(tables);
    register_partiql(tables);

    ServiceApi& streams = dispatcher.add_service(models::dynamodb_streams());
    streams.request_id_form = RequestIdForm::upper_52;
    register_streams(streams);

    world.job_kinds.on(table::expire_job, table::expire_items);
}

}  // namespace virga
