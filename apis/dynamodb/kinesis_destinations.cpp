// Enable-, Disable-, Update- and DescribeKinesisStreamingDestination.
#include <algorithm>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// One stream may get a table's changes only once; streams are in the table's account and region.
void check_stream_arn(Context& ctx, std::string_view arn) {
    if (!arn.starts_with("arn:") || arn.find(":kinesis:") == std::string_view::npos || arn.find(":stream/") == std::string_view::npos)
        throw errors::invalid_destination_arn(arn);
    if (!arn.starts_with(ctx.partition->arn("kinesis", "stream/"))) throw errors::foreign_destination();
}

Destination* find(Table& t, std::string_view arn) {
    auto it = std::find_if(t.destinations.begin(), t.destinations.end(), [&](const Destination& d) { return d.stream_arn == arn; });
    return it == t.destinations.end() ? nullptr : &*it;
}

Destination& require_active(Context& ctx, Table& t, std::string_view arn) {
    Destination* d = find(t, arn);
    if (!d || destination_status(*d, ctx.now()) != "ACTIVE") throw errors::destination_not_active();
    return *d;
}

std::string_view precision(const Destination& d) { return d.micros ? "MICROSECOND" : "MILLISECOND"; }

Object answer(const Table& t, const Destination& d, std::string_view status) {
    return {{"TableName", t.name}, {"StreamArn", d.stream_arn}, {"DestinationStatus", status}};
}

void settle(Context& ctx, Destination& d, std::string changing) {
    d.settled_at = ctx.now() + delays(ctx.world).destination;
    d.changing = std::move(changing);
}

// The stream must be there when it is enabled.
Task<void> require_stream(Context& ctx, std::string arn) {
    Value input = Object{{"StreamARN", arn}};
    Call call = service_call("kinesis", "DescribeStreamSummary", ctx.partition->id(), "dynamodb.amazonaws.com", std::move(input), ctx.trace());
    Reply reply = co_await ctx.world.calls->call(std::move(call));
    if (reply.error) throw errors::stream_not_found(arn);
}

}  // namespace

Task<Value> enable_kinesis_streaming_destination(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    const std::string arn(input.text("StreamArn"));
    check_stream_arn(ctx, arn);
    {
        ReadScope reading(store(ctx));
        require_described_table(ctx, reading.db(), name);
    }
    co_await require_stream(ctx, arn);

    // 2. Enable.
    const Value& configuration = input["EnableKinesisStreamingConfiguration"];
    WriteScope scope(store(ctx));
    Table t = *require_described_table(ctx, scope.db(), name);
    if (auto status = table_status(t, ctx.now()); status != "ACTIVE") throw errors::table_in_use(name, status);
    Destination* d = find(t, arn);
    if (d && destination_status(*d, ctx.now()) != "DISABLED") throw errors::destination_not_disabled();
    const auto active = std::count_if(t.destinations.begin(), t.destinations.end(), [](const Destination& other) { return other.enabled; });
    if (static_cast<std::size_t>(active) >= limits::destinations) throw errors::too_many_destinations();
    if (!d) d = &t.destinations.emplace_back(Destination{scope.store.new_id(scope.db()), arn});
    d->enabled = true;
    d->micros = configuration.text("ApproximateCreationDateTimePrecision") == "MICROSECOND";
    settle(ctx, *d, "ENABLING");
    scope.store.save(scope.db(), t);
    scope.commit();

    // 3. Answer.
    Object out = answer(t, *d, "ENABLING");
    out.append("EnableKinesisStreamingConfiguration", Object{{"ApproximateCreationDateTimePrecision", precision(*d)}});
    co_return out;
}

Value disable_kinesis_streaming_destination(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    check_stream_arn(ctx, input.text("StreamArn"));
    WriteScope scope(store(ctx));
    Table t = *require_described_table(ctx, scope.db(), name);
    Destination& d = require_active(ctx, t, input.text("StreamArn"));
    d.enabled = false;
    settle(ctx, d, "DISABLING");
    scope.store.save(scope.db(), t);
    scope.commit();
    Object out = answer(t, d, "DISABLING");
    if (input.has("EnableKinesisStreamingConfiguration"))
        out.append("EnableKinesisStreamingConfiguration", Object{{"ApproximateCreationDateTimePrecision", precision(d)}});
    return out;
}

Value update_kinesis_streaming_destination(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    check_stream_arn(ctx, input.text("StreamArn"));
    const Value& configuration = input["UpdateKinesisStreamingConfiguration"];
    const std::string_view wanted = configuration.text("ApproximateCreationDateTimePrecision");
    if (wanted.empty()) throw errors::destination_settings_required();

    // 2. Change.
    WriteScope scope(store(ctx));
    Table t = *require_described_table(ctx, scope.db(), name);
    Destination* d = find(t, input.text("StreamArn"));
    if (!d || destination_status(*d, ctx.now()) != "ACTIVE")
        throw errors::destination_not_found(input.text("StreamArn"), name);
    if (wanted == precision(*d)) throw errors::same_precision(wanted, t.uuid, d->stream_arn);
    d->micros = wanted == "MICROSECOND";
    settle(ctx, *d, "UPDATING");
    scope.store.save(scope.db(), t);
    scope.commit();

    // 3. Answer.
    Object out = answer(t, *d, "UPDATING");
    out.append("UpdateKinesisStreamingConfiguration", Object{{"ApproximateCreationDateTimePrecision", wanted}});
    return out;
}

Value describe_kinesis_streaming_destination(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    ReadScope reading(store(ctx));
    TablePtr t = require_described_table(ctx, reading.db(), name);
    Array list;
    for (const Destination& d : t->destinations)
        list.push_back(Object{{"StreamArn", d.stream_arn}, {"DestinationStatus", destination_status(d, ctx.now())}, {"ApproximateCreationDateTimePrecision", precision(d)}});
    return Object{{"TableName", t->name}, {"KinesisDataStreamDestinations", std::move(list)}};
}

}  // namespace virga::dynamodb
