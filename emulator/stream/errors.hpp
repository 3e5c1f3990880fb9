// Every error of Kinesis Data Streams that a client can see, by what went wrong. A stream is named "<name> under account <account>".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/base/value.hpp"

namespace virga::stream {

// A stream as error texts name it.
struct StreamName {
    std::string name, account;
    std::string text() const { return name + " under account " + account; }
};

// "Member must not be null", at "shardCount" or "records.2.member.partitionKey": where the API model does not require it, and the service does.
ApiError member_required(const std::string& path);

ApiError stream_not_found(const StreamName& stream);
ApiError stream_exists(const StreamName& stream);
ApiError stream_name_required();
ApiError stream_names_differ();  // a request's StreamARN is not of its StreamName
ApiError invalid_arn(std::string_view arn);
ApiError shard_count_unwanted();  // of a stream on demand
ApiError stream_not_active(const StreamName& stream, std::string_view status);
ApiError too_many_creating_streams(std::int64_t limit);
ApiError stream_on_demand(const StreamName& stream);
ApiError stream_has_consumers(const StreamName& stream);
ApiError shard_limit(const std::string& account, const std::string& region, std::int64_t have, std::int64_t limit, std::int64_t more);
ApiError on_demand_stream_limit(std::int64_t limit);

ApiError shard_not_found(std::string_view shard_id, const StreamName& stream);       // "Could not find shard ..."
ApiError shard_does_not_exist(std::string_view shard_id, const StreamName& stream);  // reads
ApiError shard_closed(std::string_view shard_id, const StreamName& stream);
ApiError split_key_out_of_range(std::string_view key, std::string_view shard_id, const StreamName& stream, std::string_view start, std::string_view end);
ApiError shards_not_adjacent(std::string_view first, std::string_view second, const StreamName& stream);
// UpdateShardCount: more than double, less than half, or more than there may be.
ApiError scaled_up_too_far(std::int64_t open, std::int64_t target);
ApiError scaled_down_too_far(std::int64_t open, std::int64_t target);
ApiError too_many_target_shards(std::int64_t limit, std::int64_t open, std::int64_t target);

ApiError hash_key_out_of_range(std::string_view key);
ApiError ordering_number_invalid(std::string_view number, const StreamName& stream);
ApiError record_too_long(std::string_view path, std::int64_t length, std::int64_t limit);
ApiError put_too_long();

ApiError position_without_number(std::string_view type);
ApiError position_with_number(std::string_view type);
ApiError number_of_other_shard(std::string_view encoded_shard, std::string_view shard);
ApiError number_malformed(std::string_view number, std::string_view shard, const StreamName& stream);
ApiError number_foreign(std::string_view number, std::string_view shard, const StreamName& stream);
ApiError timestamp_required();
ApiError timestamp_in_future(TimeMs timestamp, TimeMs now);
ApiError invalid_iterator();
ApiError expired_iterator(TimeMs created, TimeMs now);

ApiError retention_too_short(std::int64_t hours);
ApiError retention_too_long(std::int64_t hours);
ApiError retention_not_longer(std::int64_t hours, std::string_view stream, std::int64_t existing);
ApiError retention_not_shorter(std::int64_t hours, std::string_view stream, std::int64_t existing);

ApiError list_needs_name_or_token();
ApiError next_token_and(std::string_view member);  // a token of a page says where it goes on: what it says may not be said again
ApiError filter_needs(std::string_view type, std::string_view member);
ApiError invalid_next_token();
ApiError expired_next_token();

ApiError tag_characters();
ApiError tag_illegal(std::string_view action, const StreamName& stream);  // action: "add tags to"
ApiError too_many_tags(const StreamName& stream);
ApiError consumer_name_required();
ApiError consumer_names_differ();  // a request's ConsumerARN is not of its StreamARN and ConsumerName
ApiError consumer_exists(std::string_view consumer, std::string_view account);
ApiError consumer_not_found(std::string_view consumer, std::string_view account);
ApiError consumer_not_active(std::string_view consumer, TimeMs created, const StreamName& stream);
ApiError too_many_creating_consumers(const StreamName& stream, std::int64_t limit);
ApiError too_many_consumers(const StreamName& stream, std::int64_t limit);
// Of a second subscription, and told to the first one when a later one takes its place.
ApiError subscription_exists(const StreamName& stream, std::string_view shard, std::string_view consumer);
// "Rate exceeded for ..."
ApiError shard_rate_exceeded(std::string_view shard, const StreamName& stream);  // ProvisionedThroughputExceededException
ApiError stream_rate_exceeded(const StreamName& stream);
ApiError subscribe_rate_exceeded(std::string_view consumer_arn);
ApiError account_rate_exceeded(std::string_view account);
ApiError encryption_type();
// The call would have succeeded, had it not said DryRun.
ApiError dry_run();
ApiError not_implemented(std::string_view what);
ApiError warm_throughput_unwanted();       // of a stream that is or becomes provisioned
ApiError distribution_not_provisioned();   // CreateStream: RecordDistributionStrategy is for streams on demand
ApiError policy_malformed();
ApiError policy_not_found(std::string_view arn);

}  // namespace virga::stream
