#include "emulator/stream/errors.hpp"

#include <fmt/format.h>

#include "emulator/base/time_format.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::stream {

namespace {
ApiError not_found(std::string message) { return {"ResourceNotFoundException", 400, std::move(message)}; }
ApiError in_use(std::string message) { return {"ResourceInUseException", 400, std::move(message)}; }
ApiError limit_exceeded(std::string message) { return {"LimitExceededException", 400, std::move(message)}; }
ApiError invalid_argument(std::string message) { return {"InvalidArgumentException", 400, std::move(message)}; }
ApiError validation_error(std::string message) { return {"ValidationException", 400, std::move(message)}; }
std::string java_date(TimeMs t) { return format_utc(t, "%a %b %d %H:%M:%S UTC %Y"); }
}  // namespace

ApiError member_required(const std::string& path) {
    return validation_error(fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null", path));
}

ApiError stream_not_found(const StreamName& s) { return not_found(fmt::format("Stream {} not found.", s.text())); }
ApiError stream_exists(const StreamName& s) { return in_use(fmt::format("Stream {} already exists.", s.text())); }
ApiError stream_name_required() { return invalid_argument("Either StreamName or StreamARN should be provided."); }
ApiError stream_names_differ() { return invalid_argument("StreamARN and StreamName should name the same stream."); }
ApiError stream_not_active(const StreamName& s, std::string_view status) {
    return in_use(fmt::format("Stream {} not ACTIVE, instead in state {}", s.text(), status));
}
ApiError too_many_creating_streams(std::int64_t limit) {
    return limit_exceeded(fmt::format("This request would exceed the limit of {} streams in the CREATING state.", limit));
}
ApiError invalid_arn(std::string_view arn) { return invalid_argument(fmt::format("Invalid ARN: {}", arn)); }
ApiError shard_count_unwanted() { return validation_error("ShardCount must not be provided for a stream in ON_DEMAND mode."); }
ApiError stream_on_demand(const StreamName& s) {
    return validation_error(fmt::format("Request is invalid. Stream {} is in On-Demand mode.", s.text()));
}
ApiError stream_has_consumers(const StreamName& s) {
    return in_use(fmt::format("DeleteStream can't delete {}:{} because there are consumers associated with this data stream. To delete {} anyway, set the "
                              "EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.",
                              s.account, s.name, s.name));
}
ApiError shard_limit(const std::string& account, const std::string& region, std::int64_t have, std::int64_t limit, std::int64_t more) {
    return limit_exceeded(fmt::format(
        "This request would exceed the shard limit for the account {} in {}. Current shard count for the account: {}. Limit: {}. Number of additional shards "
        "that would have resulted from this request: {}. Refer to the AWS Service Limits page "
        "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.",
        account, region, have, limit, more));
}
ApiError on_demand_stream_limit(std::int64_t limit) {
    return limit_exceeded(fmt::format("This request would exceed the limit of {} on-demand streams for the account.", limit));
}

ApiError shard_not_found(std::string_view id, const StreamName& s) { return not_found(fmt::format("Could not find shard {} in stream {}.", id, s.text())); }
ApiError shard_does_not_exist(std::string_view id, const StreamName& s) { return not_found(fmt::format("Shard {} in stream {} does not exist", id, s.text())); }
ApiError shard_closed(std::string_view id, const StreamName& s) {
    return invalid_argument(fmt::format("Shard {} in stream {} has already been merged or split, and thus is not eligible for merging or splitting.", id, s.text()));
}
ApiError split_key_out_of_range(std::string_view key, std::string_view id, const StreamName& s, std::string_view start, std::string_view end) {
    return invalid_argument(fmt::format("NewStartingHashKey {} used in SplitShard() on shard {} in stream {} is not both greater than one plus the shard's "
                                        "StartingHashKey {} and less than the shard's EndingHashKey {}.", key, id, s.text(), start, end));
}
ApiError shards_not_adjacent(std::string_view first, std::string_view second, const StreamName& s) {
    return invalid_argument(fmt::format("Shards {} and {} in stream {} are not an adjacent pair of shards eligible for merging", first, second, s.text()));
}
namespace {
ApiError target_shards(std::string_view what, std::int64_t open, std::int64_t target) {
    return limit_exceeded(fmt::format("{} Current open shard count: {}, Target shard count: {}", what, open, target));
}
}  // namespace
ApiError scaled_up_too_far(std::int64_t open, std::int64_t target) {
    return target_shards("UpdateShardCount cannot scale up over double your current open shard count.", open, target);
}
ApiError scaled_down_too_far(std::int64_t open, std::int64_t target) {
    return target_shards("UpdateShardCount cannot scale down below half your current open shard count.", open, target);
}
ApiError too_many_target_shards(std::int64_t limit, std::int64_t open, std::int64_t target) {
    return target_shards(fmt::format("Target shard count or number of open shards cannot be greater than {}.", limit), open, target);
}

ApiError hash_key_out_of_range(std::string_view key) {
    return invalid_argument(fmt::format("Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {}", key));
}
ApiError ordering_number_invalid(std::string_view number, const StreamName& s) {
    return invalid_argument(fmt::format("ExclusiveMinimumSequenceNumber {} used in PutRecord on stream {} is invalid.", number, s.text()));
}
ApiError record_too_long(std::string_view path, std::int64_t length, std::int64_t limit) {
    return validation_error(fmt::format("1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]' at '{1}' failed to satisfy "
                                        "constraint: Member must have length less than or equal to {2}", length, path, limit));
}
ApiError put_too_long() { return invalid_argument("Records size exceeds 10 MB limit"); }

namespace {
std::string position_text(std::string_view type, std::string_view end) {
    return fmt::format("Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no "
                       "StartingSequenceNumber. Request specified {} and {} StartingSequenceNumber.", type, end);
}
}  // namespace
ApiError position_without_number(std::string_view type) { return invalid_argument(position_text(type, "no")); }
ApiError position_with_number(std::string_view type) { return invalid_argument(position_text(type, "also a")); }
ApiError number_of_other_shard(std::string_view encoded, std::string_view shard) {
    return invalid_argument(fmt::format("Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to a shard with {}", encoded, shard));
}
ApiError number_malformed(std::string_view number, std::string_view shard, const StreamName& s) {
    return invalid_argument(fmt::format("StartingSequenceNumber {} used in GetShardIterator on shard {} in stream {} is invalid.", number, shard, s.text()));
}
ApiError number_foreign(std::string_view number, std::string_view shard, const StreamName& s) {
    return invalid_argument(fmt::format("StartingSequenceNumber {} used in GetShardIterator on shard {} in stream {} is invalid because it did not come from "
                                        "this stream.", number, shard, s.text()));
}
ApiError timestamp_required() {
    return invalid_argument("Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.");
}
ApiError timestamp_in_future(TimeMs timestamp, TimeMs now) {
    return invalid_argument(fmt::format("The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: {}, "
                                        "currentTimestampInMillis: {}", timestamp, now));
}
ApiError invalid_iterator() { return invalid_argument("Invalid ShardIterator."); }
ApiError expired_iterator(TimeMs created, TimeMs now) {
    return {"ExpiredIteratorException", 400,
            fmt::format("Iterator expired. The iterator was created at time {} while right now it is {} which is further in the future than the tolerated delay "
                        "of {} milliseconds.", java_date(created), java_date(now), limits::token_life_ms)};
}

ApiError retention_too_short(std::int64_t hours) {
    return invalid_argument(fmt::format("Minimum allowed retention period is {} hours. Requested retention period ({} hours) is too short.",
                                        limits::min_retention_hours, hours));
}
ApiError retention_too_long(std::int64_t hours) {
    return invalid_argument(fmt::format("Maximum allowed retention period is {} hours. Requested retention period ({} hours) is too long.",
                                        limits::max_retention_hours, hours));
}
ApiError retention_not_longer(std::int64_t hours, std::string_view stream, std::int64_t existing) {
    return invalid_argument(fmt::format("Requested retention period ({} hours) for stream {} can not be shorter than existing retention period ({} hours). Use "
                                        "DecreaseRetentionPeriod API.", hours, stream, existing));
}
ApiError retention_not_shorter(std::int64_t hours, std::string_view stream, std::int64_t existing) {
    return invalid_argument(fmt::format("Requested retention period ({} hours) for stream {} can not be longer than existing retention period ({} hours). Use "
                                        "IncreaseRetentionPeriod API.", hours, stream, existing));
}

ApiError list_needs_name_or_token() { return invalid_argument("Either NextToken or StreamName should be provided."); }
ApiError next_token_and(std::string_view member) { return invalid_argument(fmt::format("NextToken and {} cannot be provided together.", member)); }
ApiError filter_needs(std::string_view type, std::string_view member) {
    return invalid_argument(fmt::format("{} must be provided with a ShardFilter of type {}.", member, type));
}
ApiError invalid_next_token() { return invalid_argument("NextToken is not valid."); }
ApiError expired_next_token() { return {"ExpiredNextTokenException", 400, "The next token has expired."}; }

ApiError tag_characters() {
    return invalid_argument("Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.");
}
ApiError tag_illegal(std::string_view action, const StreamName& s) {
    return invalid_argument(fmt::format("Failed to {} stream {} because some tags contained illegal characters. The allowed characters are Unicode "
                                        "letters, white-spaces, '_',',','/','=','+','-','@'.", action, s.text()));
}
ApiError too_many_tags(const StreamName& s) {
    return invalid_argument(fmt::format("Failed to add tags to stream {} because a given stream cannot have more than {} tags associated with it.", s.text(),
                                        limits::max_tags));
}
ApiError consumer_name_required() { return invalid_argument("Either ConsumerARN, or StreamARN and ConsumerName, should be provided."); }
ApiError consumer_names_differ() { return invalid_argument("ConsumerARN, StreamARN and ConsumerName should name the same consumer."); }
ApiError consumer_exists(std::string_view consumer, std::string_view account) {
    return in_use(fmt::format("Consumer {}, account {} already exists.", consumer, account));
}
ApiError consumer_not_found(std::string_view consumer, std::string_view account) {
    return not_found(fmt::format("Consumer {}, account {} not found.", consumer, account));
}
ApiError consumer_not_active(std::string_view consumer, TimeMs created, const StreamName& s) {
    return in_use(fmt::format("Consumer {} with creation timestamp {} under stream: {} , account {} is not in ACTIVE status.", consumer, created / 1000, s.name, s.account));
}
ApiError too_many_creating_consumers(const StreamName& s, std::int64_t limit) {
    return limit_exceeded(fmt::format("This request would exceed the limit of {} consumers in the CREATING state for stream {}.", limit, s.text()));
}
ApiError too_many_consumers(const StreamName& s, std::int64_t limit) {
    return limit_exceeded(fmt::format("This request would exceed the limit of {} consumers for stream {}.", limit, s.text()));
}
ApiError subscription_exists(const StreamName& s, std::string_view shard, std::string_view consumer) {
    return in_use(fmt::format("Another active subscription exists for this consumer: {}:{}:{}:{}", s.account, s.name, shard, consumer));
}
ApiError shard_rate_exceeded(std::string_view shard, const StreamName& s) {
    return {"ProvisionedThroughputExceededException", 400, fmt::format("Rate exceeded for shard {} in stream {}.", shard, s.text())};
}
ApiError stream_rate_exceeded(const StreamName& s) { return limit_exceeded(fmt::format("Rate exceeded for stream {}.", s.text())); }
ApiError subscribe_rate_exceeded(std::string_view arn) { return limit_exceeded(fmt::format("Rate exceeded for consumer {}.", arn)); }
ApiError account_rate_exceeded(std::string_view account) { return limit_exceeded(fmt::format("Rate exceeded for account {}.", account)); }
ApiError encryption_type() { return invalid_argument("The only valid encryption type is KMS."); }
ApiError dry_run() { return {"DryRunOperationException", 400, "Request would have succeeded, but DryRun flag is set."}; }
ApiError not_implemented(std::string_view what) { return {"NotImplemented", 501, fmt::format("virga does not implement {}.", what)}; }
ApiError warm_throughput_unwanted() { return invalid_argument("WarmThroughputMiBps must not be provided for a stream in PROVISIONED mode."); }
ApiError distribution_not_provisioned() { return invalid_argument("RecordDistributionStrategy must not be provided for a stream in PROVISIONED mode."); }
ApiError policy_malformed() { return invalid_argument("The resource policy is not a valid JSON document."); }
ApiError policy_not_found(std::string_view arn) { return not_found(fmt::format("Resource policy for {} not found.", arn)); }

}  // namespace virga::stream
