#include "apis/firehose/source_shard.hpp"

#include <cstdlib>

#include "apis/firehose/delivery.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"
#include "emulator/delivery/aggregate.hpp"

namespace virga::firehose {

using namespace delivery;

namespace {

Task<Reply> ask(World* world, const SourceArn& source, const char* operation, Value input, TraceContext trace) {
    return world->calls->call(service_call("kinesis", operation, source.partition, principal, std::move(input), trace));
}

Value iterator_input(const SourceArn& source, const std::string& shard, const std::string& position) {
    Value input = Object{{"StreamName", source.stream}, {"ShardId", shard}};
    if (position.starts_with("after:")) {
        input["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER";
        input["StartingSequenceNumber"] = position.substr(6);
    } else if (position.starts_with("time:")) {
        input["ShardIteratorType"] = "AT_TIMESTAMP";
        input["Timestamp"] = Timestamp{std::atoll(position.c_str() + 5)};
    } else {
        input["ShardIteratorType"] = "TRIM_HORIZON";
    }
    return input;
}

std::string metadata(const std::string& shard, std::string_view key, TimeMs arrival, std::string_view sequence, std::size_t sub) {
    return json::write(Object{{"shardId", shard},
                              {"partitionKey", key},
                              {"approximateArrivalTimestamp", arrival},
                              {"sequenceNumber", sequence},
                              {"subsequenceNumber", std::to_string(sub)}});
}

void append_items(const Value& record, const std::string& shard, std::vector<Item>& items) {
    TimeMs arrival = record["ApproximateArrivalTimestamp"].as_time();
    auto sequence = record.text("SequenceNumber");
    const std::string& data = record["Data"].as_bytes();
    // Members that begin with "virga:" are seen by callers inside the emulator alone.
    TraceContext trace = TraceContext::parse(record.text("virga:trace"));
    auto parts = split_aggregate(data);
    if (!parts) {
        items.push_back({arrival, data, metadata(shard, record.text("PartitionKey"), arrival, sequence, 0), trace, 0});
        return;
    }
    for (std::size_t i = 0; i < parts->size(); ++i)
        items.push_back({arrival, (*parts)[i].data, metadata(shard, (*parts)[i].partition_key, arrival, sequence, i), trace, 0});
}

}  // namespace

std::optional<SourceArn> SourceArn::parse(std::string_view arn) {
    auto parsed = Arn::parse(arn);
    if (!parsed || !parsed->resource.starts_with("stream/")) return std::nullopt;
    return SourceArn{{parsed->account, parsed->region}, std::string(parsed->name())};
}

Task<std::optional<std::vector<SourceShard>>> list_source_shards(World* world, std::string stream_arn, TraceContext trace) {
    auto source = SourceArn::parse(stream_arn);
    if (!source) co_return std::nullopt;
    std::vector<SourceShard> shards;
    Value input = Object{{"StreamName", source->stream}};
    while (true) {
        Task<Reply> asking = ask(world, *source, "ListShards", std::move(input), trace);
        Reply reply = co_await std::move(asking);
        if (reply.error) co_return std::nullopt;
        for (const auto& found : reply.output.list("Shards")) {
            SourceShard shard{std::string(found.text("ShardId")), {}};
            for (const char* parent : {"ParentShardId", "AdjacentParentShardId"})
                if (found.has(parent)) shard.parents.emplace_back(found.text(parent));
            shards.push_back(std::move(shard));
        }
        if (!reply.output.has("NextToken")) break;
        input = Object{{"NextToken", reply.output["NextToken"]}};
    }
    co_return shards;
}

Task<SourcePage> read_source_page(World* world, std::string stream_arn, std::string shard, std::string position, std::string iterator) {
    SourcePage page;
    auto source = *SourceArn::parse(stream_arn);
    // An iterator expires by the virtual clock: then a new one from the position does.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (iterator.empty()) {
            Value input = iterator_input(source, shard, position);
            Task<Reply> asking = ask(world, source, "GetShardIterator", std::move(input), TraceContext{});
            Reply reply = co_await std::move(asking);
            if (reply.error) break;
            iterator = reply.output.text("ShardIterator");
        }
        Value input = Object{{"ShardIterator", iterator}, {"Limit", 1000}};
        Task<Reply> asking = ask(world, source, "GetRecords", std::move(input), TraceContext{});
        Reply reply = co_await std::move(asking);
        iterator.clear();
        if (reply.error) continue;
        for (const auto& record : reply.output.list("Records")) {
            append_items(record, shard, page.items);
            page.next_position = "after:" + std::string(record.text("SequenceNumber"));
        }
        page.next_iterator = reply.output.text("NextShardIterator");
        page.end = page.next_iterator.empty() && page.items.empty();
        co_return page;
    }
    page.failed = true;
    co_return page;
}

}  // namespace virga::firehose
