#include "apis/protocol/validation_notes.hpp"

#include <algorithm>
#include <array>

namespace virga::protocol {

namespace {

using Names = std::span<const std::string_view>;
template <class... T>
constexpr auto names(T... v) {
    return std::array<std::string_view, sizeof...(T)>{v...};
}

// Observed at DynamoDB (paritysuite/dynamodb-conformance, dynalite) and API Gateway.
constexpr auto consumed = names("INDEXES", "TOTAL", "NONE");
constexpr auto metrics = names("SIZE", "NONE");
constexpr auto return_values = names("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW");
constexpr auto select = names("SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES");
constexpr auto key_type = names("HASH", "RANGE");
constexpr auto attribute_type = names("B", "N", "S");
constexpr auto billing = names("PROVISIONED", "PAY_PER_REQUEST");
constexpr auto comparison = names("IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS");
constexpr auto conditional = names("OR", "AND");
constexpr auto endpoint_type = names("PRIVATE", "EDGE", "REGIONAL");
constexpr auto patch_op = names("add", "remove", "move", "test", "replace", "copy");
constexpr auto integration = names("HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS");
constexpr auto compression = names("ZIP", "HADOOP_SNAPPY", "Snappy", "GZIP", "UNCOMPRESSED");  // Firehose
constexpr auto iterator_type = names("AFTER_SEQUENCE_NUMBER", "LATEST", "AT_TIMESTAMP", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON");  // Kinesis
constexpr std::array<Names, 14> enum_orders{consumed,    metrics,       return_values, select,      key_type,    attribute_type, billing,
                                            comparison,  conditional,   endpoint_type, patch_op,    integration, compression,    iterator_type};

struct Order {
    std::string_view structure;
    Names members;
};
// Observed at Kinesis (kinesalite).
constexpr auto create_stream = names("ShardCount", "StreamName");
constexpr auto put_record = names("SequenceNumberForOrdering", "PartitionKey", "ExplicitHashKey", "Data", "StreamName");
constexpr auto put_records = names("Records", "StreamName");
constexpr auto put_entry = names("PartitionKey", "ExplicitHashKey", "Data");
constexpr auto get_records = names("Limit", "ShardIterator");
constexpr auto get_iterator = names("ShardId", "ShardIteratorType", "StartingSequenceNumber", "StreamName");
constexpr auto list_shards = names("MaxResults", "ExclusiveStartShardId", "StreamName", "NextToken");
constexpr auto split = names("NewStartingHashKey", "StreamName", "ShardToSplit");
constexpr auto merge = names("ShardToMerge", "AdjacentShardToMerge", "StreamName");
constexpr auto add_tags = names("Tags", "StreamName");
constexpr auto remove_tags = names("TagKeys", "StreamName");
constexpr auto describe = names("Limit", "ExclusiveStartShardId", "StreamName");
constexpr auto retention = names("RetentionPeriodHours", "StreamName");
constexpr auto update_count = names("ScalingType", "StreamName", "TargetShardCount");
constexpr std::array<Order, 15> kinesis_orders{{{"CreateStreamInput", create_stream}, {"PutRecordInput", put_record}, {"PutRecordsInput", put_records},
    {"PutRecordsRequestEntry", put_entry}, {"GetRecordsInput", get_records}, {"GetShardIteratorInput", get_iterator}, {"ListShardsInput", list_shards}, {"SplitShardInput", split},
    {"MergeShardsInput", merge}, {"AddTagsToStreamInput", add_tags}, {"RemoveTagsFromStreamInput", remove_tags}, {"DescribeStreamInput", describe},
    {"IncreaseStreamRetentionPeriodInput", retention}, {"DecreaseStreamRetentionPeriodInput", retention}, {"UpdateShardCountInput", update_count}}};
// Observed at DynamoDB (paritysuite/dynamodb-conformance).
constexpr auto create_table = names("AttributeDefinitions", "TableName", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes");
constexpr auto transact_write = names("TransactItems", "ClientRequestToken");
constexpr std::array<Order, 2> dynamodb_orders{{{"CreateTableInput", create_table}, {"TransactWriteItemsInput", transact_write}}};

}  // namespace

std::vector<std::string_view> printed_enum(model::Shape shape) {
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < shape.enum_count(); ++i) values.push_back(shape.enum_value(i));
    for (Names known : enum_orders)
        if (std::is_permutation(known.begin(), known.end(), values.begin(), values.end())) return {known.begin(), known.end()};
    return values;
}

std::span<const std::string_view> checked_order(const model::Service& service, model::Shape structure) {
    std::span<const Order> orders;
    if (service.id() == "kinesis") orders = kinesis_orders;
    else if (service.id() == "dynamodb") orders = dynamodb_orders;
    for (const Order& o : orders)
        if (o.structure == structure.name()) return o.members;
    return {};
}

// The newer form rolls out region by region (2026); virga speaks the classic one throughout, as the public conformance suite does.
// Name operations here to move them over.
bool hides_values(std::string_view service) { return service == "firehose"; }

bool is_terse(std::string_view, std::string_view) { return false; }

}  // namespace virga::protocol
