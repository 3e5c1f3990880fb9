#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/stream_iterator.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Listed {
    Shard shard;
    std::string id, parent;
};

Array key_schema(const Stream& stream) {
    Array out;
    const Value keys = json::parse(stream.keys);
    for (const Value& k : keys.as_array())
        out.push_back(Object{{"AttributeName", k["name"]}, {"KeyType", out.empty() ? "HASH" : "RANGE"}});
    return out;
}

Value describe_shard(const Listed& l) {
    Object range{{"StartingSequenceNumber", sequence_text(l.shard.first_seq)}};
    if (l.shard.closed()) range.append("EndingSequenceNumber", sequence_text(*l.shard.last_seq));
    Object out{{"ShardId", l.id}, {"SequenceNumberRange", std::move(range)}};
    if (!l.parent.empty()) out.append("ParentShardId", l.parent);
    return out;
}

}  // namespace

Value describe_stream(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::size_t limit = read_limit(input, limits::described_shards);
    const Value& filter = input["ShardFilter"];
    const bool children = filter.text("Type") == "CHILD_SHARDS";
    if (children && !filter.has("ShardId")) throw errors::parameter_required("ShardId");

    // 2. Look up.
    Stream stream;
    std::vector<Listed> shards;
    {
        ReadScope reading(store(ctx));
        stream = require_stream(reading.db(), input.text("StreamArn"), ctx.now());
        for (const Shard& s : list_shards(reading.db(), stream, ctx.now()))
            shards.push_back({s, shard_id(stream, s), shards.empty() ? std::string() : shards.back().id});
    }
    ctx.resource = stream.arn;

    // 3. Which shards.
    if (children) std::erase_if(shards, [&](const Listed& l) { return l.parent != filter.text("ShardId"); });
    if (input.has("ExclusiveStartShardId")) std::erase_if(shards, [&](const Listed& l) { return l.id <= input.text("ExclusiveStartShardId"); });

    // 4. Answer.
    Object description{{"StreamArn", stream.arn},
                       {"StreamLabel", stream.label},
                       {"StreamStatus", stream.enabled ? "ENABLED" : "DISABLED"},
                       {"StreamViewType", stream.view},
                       {"CreationRequestDateTime", Timestamp{stream.created}},
                       {"TableName", stream.table},
                       {"KeySchema", key_schema(stream)}};
    Array list;
    for (std::size_t i = 0; i < std::min(limit, shards.size()); ++i) list.push_back(describe_shard(shards[i]));
    description.append("Shards", std::move(list));
    if (shards.size() > limit) description.append("LastEvaluatedShardId", shards[limit - 1].id);
    return Object{{"StreamDescription", std::move(description)}};
}

}  // namespace virga::dynamodb
