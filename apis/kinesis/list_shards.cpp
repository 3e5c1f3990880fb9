#include <functional>

#include "apis/kinesis/answers.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/tokens.hpp"

namespace virga::kinesis {

namespace {

using Filter = std::function<bool(const stream::Shard&)>;

// Which shards a ShardFilter lets through. Lifetimes are half-open, so that at any instant the open shards tile all hash keys.
Filter shard_filter(const Value& filter, const stream::Stream& stream, const stream::StreamName& name, TimeMs now) {
    auto type = filter.text("Type");
    TimeMs horizon = now - stream.retention_ms();
    auto open_at = [](TimeMs t) { return Filter([t](const stream::Shard& s) { return s.opened <= t && (!s.closed || *s.closed > t); }); };
    if (type == "AFTER_SHARD_ID") {
        if (!filter.has("ShardId")) throw stream::filter_needs(type, "ShardId");
        auto number = stream::parse_shard_id(filter.text("ShardId"));
        if (!number) throw stream::shard_not_found(filter.text("ShardId"), name);
        return [n = *number](const stream::Shard& s) { return s.number > n; };
    }
    if (type == "AT_TRIM_HORIZON") return open_at(std::max(horizon, stream.created));
    if (type == "AT_LATEST") return [](const stream::Shard& s) { return s.open(); };
    if (type == "AT_TIMESTAMP" || type == "FROM_TIMESTAMP") {
        if (!filter.has("Timestamp")) throw stream::filter_needs(type, "Timestamp");
        TimeMs t = std::max(filter["Timestamp"].as_time(), horizon);
        if (type == "AT_TIMESTAMP") return open_at(std::max(t, stream.created));
        return [t](const stream::Shard& s) { return !s.closed || *s.closed >= t; };
    }
    return [](const stream::Shard&) { return true; };  // FROM_TRIM_HORIZON, or no filter
}

struct Request {
    std::string stream;
    std::int64_t after = -1;
    Value filter;
    std::optional<std::int64_t> stream_id;  // when paging on
};

// The token holds everything but the page size; it is good for five minutes.
Request read_request(Context& ctx, const Value& input) {
    bool named = input.has("StreamName") || input.has("StreamARN");
    if (!input.has("NextToken")) {
        if (!named) throw stream::list_needs_name_or_token();
        return {{}, -1, input["ShardFilter"], {}};
    }
    for (const char* member : {"StreamName", "StreamARN", "StreamCreationTimestamp", "ExclusiveStartShardId", "ShardFilter"})
        if (input.has(member)) throw stream::next_token_and(member);
    Value token = stream::read_token(input.text("NextToken"), ctx.now());
    Request request{std::string(token.text("stream")), token.integer("after"), token["filter"], token.integer("id")};
    if (request.filter.has("Timestamp")) request.filter["Timestamp"] = Timestamp{request.filter.integer("Timestamp")};
    return request;
}

std::string next_token(const stream::Stream& stream, Value filter, std::int64_t after, TimeMs now) {
    if (filter.has("Timestamp")) filter["Timestamp"] = filter["Timestamp"].as_time();
    return stream::write_token({{"stream", stream.name}, {"id", stream.id}, {"after", after}, {"filter", std::move(filter)}}, now);
}

}  // namespace

Value list_shards(Context& ctx, const Value& input) {
    Request request = read_request(ctx, input);
    auto to = request.stream.empty() ? target(ctx, input) : target(ctx, Object{{"StreamName", request.stream}});
    if (input.has("ExclusiveStartShardId")) {
        auto number = stream::parse_shard_id(input.text("ExclusiveStartShardId"));
        if (!number) throw stream::shard_not_found(input.text("ExclusiveStartShardId"), to.streams.name(to.name));
        request.after = *number;
    }
    std::int64_t limit = input.integer("MaxResults", stream::limits::list_shards_page);

    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    if (request.stream_id && *request.stream_id != stream->id) throw stream::stream_not_found(to.streams.name(to.name));
    check_created(to, *stream, input);
    if (!stream->in_use(ctx.now())) throw stream::stream_not_active(to.streams.name(to.name), stream->status(ctx.now()));  // clients of KCL wait on this
    Filter wanted = shard_filter(request.filter, *stream, to.streams.name(to.name), ctx.now());
    Array shards;
    std::int64_t last = request.after;
    bool more = false;
    for (const auto& shard : stream->shards) {
        if (shard.number <= request.after || stream->expired(shard, ctx.now()) || !wanted(shard)) continue;
        more = static_cast<std::int64_t>(shards.size()) == limit;
        if (more) break;
        shards.push_back(shard_answer(shard));
        last = shard.number;
    }
    Object output{{"Shards", std::move(shards)}};
    if (more) output.append("NextToken", next_token(*stream, request.filter, last, ctx.now()));
    return output;
}

}  // namespace virga::kinesis
