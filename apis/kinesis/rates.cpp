#include "apis/kinesis/rates.hpp"

#include <fmt/format.h>

#include "emulator/base/json.hpp"

namespace virga::kinesis {

namespace {

constexpr std::string_view path = "/_aws/kinesis/throttling";
constexpr std::uint64_t max_body = 64 * 1024;

HttpResponse refuse(const std::string& message) { return HttpResponse::json(400, json::write(Object{{"error", message}}) + "\n"); }

HttpResponse change(World& world, const std::string& text) {
    Value body;
    if (!json::try_parse(text, body) || !body.is_object()) return refuse("the request body is no JSON object");
    std::string account(body.text("account")), region(body.has("region") ? body.text("region") : "us-east-1");
    if (account.size() != 12 || account.find_first_not_of("0123456789") != std::string::npos) return refuse("account: 12 digits are expected");
    if (!body.has("enabled") || !body["enabled"].is_bool()) return refuse("enabled: true or false is expected");
    world.partition({account, region})->part<stream::Throttle>().set(body.flag("enabled"));
    return HttpResponse::json(200, json::write(Object{{"account", account}, {"region", region}, {"enabled", body.flag("enabled")}}) + "\n");
}

// A call on a stream is told about the stream, any other about the account (both observed); the rate is the account's either way.
ApiError call_rate_exceeded(const Context& ctx, const Value& input) {
    if (input.has("StreamName")) return stream::stream_rate_exceeded({std::string(input.text("StreamName")), ctx.account()});
    for (const char* member : {"StreamARN", "ConsumerARN", "ResourceARN"})
        if (auto arn = parse_stream_arn(input.text(member))) return stream::stream_rate_exceeded({arn->stream, arn->account});
    return stream::account_rate_exceeded(ctx.account());
}

}  // namespace

SyncOperation limited(std::string name, SyncOperation operation, double rate) {
    return [name = "call/" + std::move(name), operation = std::move(operation), rate](Context& ctx, const Value& input) {
        if (!ctx.partition->part<stream::Throttle>().take(name, 1, rate, ctx.now())) throw call_rate_exceeded(ctx, input);
        return operation(ctx, input);
    };
}

std::string shard_bucket(std::int64_t stream, std::int64_t shard, std::string_view what) { return fmt::format("{}/{}/{}", stream, shard, what); }

void check_daily(const Target& to, const stream::Stream& stream, std::string_view what, std::size_t limit, TimeMs now) {
    if (!to.throttle.within(fmt::format("{}/{}", stream.id, what), limit, stream::limits::day_ms, now))
        throw stream::stream_rate_exceeded(to.streams.name(to.name));
}

HttpRoute throttling_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) {
        auto body = request->body;
        start_with_result(read_all(*body, max_body), [&world, body, respond = std::move(respond)](std::exception_ptr error, std::optional<std::string> text) {
            respond(error ? refuse("the request body cannot be read") : change(world, *text));
        });
    };
    return {"kinesis throttling", [](const HttpRequest& r) { return r.path() == path && r.method == "POST"; }, handle};
}

}  // namespace virga::kinesis
