#include "apis/sources/shard_reader.hpp"

#include <cstdlib>

namespace virga {

namespace {

Value shards_input(const SourceSpec& spec, const std::string& after) {
    Value input = Object{};
    if (spec.source == SourceSpec::Source::kinesis) input["StreamName"] = spec.source_name;
    else input["StreamArn"] = spec.source_arn;
    if (!after.empty()) input["ExclusiveStartShardId"] = after;
    return input;
}

}  // namespace

std::string ShardPosition::text() const {
    switch (kind) {
        case Kind::after: return "after:" + sequence;
        case Kind::time: return "time:" + std::to_string(time);
        case Kind::done: return "done";
        default: return "horizon";
    }
}

ShardPosition ShardPosition::parse(const std::string& text) {
    ShardPosition p;
    if (text.starts_with("after:")) {
        p.kind = Kind::after;
        p.sequence = text.substr(6);
    } else if (text.starts_with("time:")) {
        p.kind = Kind::time;
        p.time = std::atoll(text.c_str() + 5);
    } else if (text == "done") {
        p.kind = Kind::done;
    }
    return p;
}

Task<std::optional<std::vector<ShardInfo>>> list_shards(World* world, std::shared_ptr<const SourceSpec> spec) {
    std::vector<ShardInfo> shards;
    std::string after;
    for (bool more = true; more;) {
        Value input = shards_input(*spec, after);
        const char* service = spec->source == SourceSpec::Source::kinesis ? "kinesis" : "streams.dynamodb";
        Call call = service_call(service, "DescribeStream", spec->source_home, spec->sender, std::move(input));
        Reply reply = co_await world->calls->call(std::move(call));
        if (reply.error) co_return std::nullopt;
        auto& description = reply.output["StreamDescription"];
        for (auto& shard : description.list("Shards")) {
            ShardInfo info;
            info.id = shard.text("ShardId");
            for (auto name : {"ParentShardId", "AdjacentParentShardId"})
                if (shard.has(name)) info.parents.emplace_back(shard.text(name));
            shards.push_back(std::move(info));
        }
        more = description.flag("HasMoreShards") || description.has("LastEvaluatedShardId");
        if (more && (shards.empty() || shards.back().id == after)) more = false;
        if (more) after = shards.back().id;
    }
    co_return shards;
}

Task<std::optional<std::vector<std::pair<std::string, ShardPosition>>>> first_positions(World* world, std::shared_ptr<const SourceSpec> spec, std::string start,
                                                                                        TimeMs time) {
    std::vector<std::pair<std::string, ShardPosition>> positions;
    std::optional<std::vector<ShardInfo>> shards = co_await list_shards(world, spec);
    if (!shards) co_return std::nullopt;
    for (auto& shard : *shards) {
        ShardPosition position;
        if (start == "AT_TIMESTAMP") {
            position.kind = ShardPosition::Kind::time;
            position.time = time;
        }
        // LATEST means: after what is there now. The place is found by reading to the end, so that it can be kept for ever.
        if (start == "LATEST") {
            ShardReader reader(*world, spec, shard.id, "");
            for (bool more = true; more;) {
                ShardRead found = co_await reader.read(position, 1000);
                more = !found.records.empty();
                if (more) {
                    position.kind = ShardPosition::Kind::after;
                    position.sequence = found.records.back().id;
                }
            }
        }
        positions.emplace_back(shard.id, position);
    }
    co_return positions;
}

Value ShardReader::iterator_input(const ShardPosition& position) const {
    Value input = Object{};
    if (spec_->source == SourceSpec::Source::kinesis) input["StreamName"] = spec_->source_name;
    else input["StreamArn"] = spec_->source_arn;
    input["ShardId"] = shard_;
    switch (position.kind) {
        case ShardPosition::Kind::after: {
            input["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER";
            input[spec_->source == SourceSpec::Source::kinesis ? "StartingSequenceNumber" : "SequenceNumber"] = position.sequence;
            break;
        }
        case ShardPosition::Kind::time:
            input["ShardIteratorType"] = "AT_TIMESTAMP";
            input["Timestamp"] = Timestamp{position.time};
            break;
        default: input["ShardIteratorType"] = "TRIM_HORIZON";
    }
    return input;
}

Task<ShardRead> ShardReader::read(ShardPosition position, std::size_t limit) {
    ShardRead result;
    if (at_end_ || position.kind == ShardPosition::Kind::done) {
        result.end = true;
        co_return result;
    }
    // Iterators expire (by the virtual clock): then a new one from the position does.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (iterator_.empty()) {
            Value input = iterator_input(position);
            Call call = service_call(service(), "GetShardIterator", spec_->source_home, spec_->sender, std::move(input));
            Reply reply = co_await world_.calls->call(std::move(call));
            if (reply.error && reply.error->code == "TrimmedDataAccessException") {
                position = ShardPosition{};
                continue;
            }
            if (reply.error) break;
            iterator_ = reply.output.text("ShardIterator");
        }
        Value input;
        input["ShardIterator"] = iterator_;
        input["Limit"] = static_cast<std::int64_t>(std::min<std::size_t>(limit, 1000));
        Call call = service_call(service(), "GetRecords", spec_->source_home, spec_->sender, std::move(input));
        Reply reply = co_await world_.calls->call(std::move(call));
        iterator_.clear();
        if (!reply.error) {
            result = read_of(reply);
            co_return result;
        }
    }
    result.failed = true;
    co_return result;
}

ShardRead ShardReader::read_of(const Reply& reply) {
    ShardRead result;
    for (auto& record : reply.output.list("Records"))
        result.records.push_back(spec_->source == SourceSpec::Source::kinesis ? kinesis_record(*spec_, shard_, role_, record) : dynamodb_record(*spec_, record));
    iterator_ = reply.output.text("NextShardIterator");
    at_end_ = iterator_.empty();
    result.end = at_end_ && result.records.empty();
    return result;
}

}  // namespace virga
