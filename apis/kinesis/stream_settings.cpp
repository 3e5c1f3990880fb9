#include <algorithm>

#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/rates.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/lifecycle.hpp"
#include "emulator/stream/limits.hpp"
#include "emulator/stream/records.hpp"

namespace virga::kinesis {

namespace {

namespace limits = stream::limits;

constexpr std::string_view metric_names[] = {"IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords", "WriteProvisionedThroughputExceeded",
                                             "ReadProvisionedThroughputExceeded", "IteratorAgeMilliseconds"};

// Looks the stream up, lets `change` set its columns, writes it.
template <class Change>
Target change_stream(Context& ctx, const Value& input, Change change) {
    auto to = target(ctx, input);
    auto tx = to.partition->write();
    auto stream = to.streams.get_active(tx.db(), to.name, ctx.now());
    stream::Streams::Edit edit(to.streams, *stream);
    change(tx, to, *stream);
    stream::settings_changed(to.streams, *stream, ctx.now());
    to.streams.store(tx, *stream);
    edit.keep();
    tx.commit();
    return to;
}

void check_retention(std::int64_t hours) {
    if (hours < limits::min_retention_hours) throw stream::retention_too_short(hours);
    if (hours > limits::max_retention_hours) throw stream::retention_too_long(hours);
}

Value change_metrics(Context& ctx, const Value& input, bool enable) {
    Array before, after;
    auto to = change_stream(ctx, input, [&](Transaction& tx, const Target& of, const stream::Stream& stream) {
        before = of.streams.metrics(tx.db(), stream);
        auto named = [&](std::string_view metric) {
            const auto& names = input.list("ShardLevelMetrics");
            return std::any_of(names.begin(), names.end(), [&](const Value& n) { return n.as_string() == metric || n.as_string() == "ALL"; });
        };
        for (auto metric : metric_names) {
            bool was = std::find(before.begin(), before.end(), Value(metric)) != before.end();
            if (named(metric) ? enable : was) after.push_back(metric);
        }
        of.streams.set_metrics(tx, stream, after);
    });
    return Object{{"StreamName", to.name},
                  {"CurrentShardLevelMetrics", std::move(before)},
                  {"DesiredShardLevelMetrics", std::move(after)},
                  {"StreamARN", to.streams.arn(to.name)}};
}

}  // namespace

Value increase_stream_retention_period(Context& ctx, const Value& input) {
    std::int64_t hours = input.integer("RetentionPeriodHours");
    check_retention(hours);
    change_stream(ctx, input, [&](Transaction& tx, const Target& to, stream::Stream& s) {
        if (hours < s.retention_hours) throw stream::retention_not_longer(hours, to.name, s.retention_hours);
        stream::trim(to.streams, tx, s, ctx.now());  // what is past the old retention does not come back
        s.retention_hours = hours;
    });
    return Object();
}

Value decrease_stream_retention_period(Context& ctx, const Value& input) {
    std::int64_t hours = input.integer("RetentionPeriodHours");
    check_retention(hours);
    change_stream(ctx, input, [&](Transaction& tx, const Target& to, stream::Stream& s) {
        if (hours > s.retention_hours) throw stream::retention_not_shorter(hours, to.name, s.retention_hours);
        s.retention_hours = hours;
        stream::trim(to.streams, tx, s, ctx.now());
    });
    return Object();
}

Value update_max_record_size(Context& ctx, const Value& input) {
    change_stream(ctx, input, [&](Transaction&, const Target&, stream::Stream& s) { s.max_record_kib = input.integer("MaxRecordSizeInKiB"); });
    return Object();
}

Value update_stream_warm_throughput(Context& ctx, const Value& input) {
    std::int64_t mibps = input.integer("WarmThroughputMiBps");
    auto to = change_stream(ctx, input, [&](Transaction&, const Target&, stream::Stream& s) { s.warm_mibps = mibps; });
    return Object{{"StreamARN", to.streams.arn(to.name)}, {"StreamName", to.name}, {"WarmThroughput", Object{{"TargetMiBps", mibps}, {"CurrentMiBps", mibps}}}};
}

Value update_stream_mode(Context& ctx, const Value& input) {
    bool on_demand = input["StreamModeDetails"].text("StreamMode") == "ON_DEMAND";
    // "This field is only valid when the stream mode is being updated to on-demand."
    if (input.has("WarmThroughputMiBps") && !on_demand) throw stream::warm_throughput_unwanted();
    change_stream(ctx, input, [&](Transaction& tx, const Target& to, stream::Stream& s) {
        if (on_demand && !s.on_demand) to.streams.check_on_demand_limit(tx.db());
        check_daily(to, s, "modes", limits::daily_mode_changes, ctx.now());
        s.on_demand = on_demand;  // the shards stay as they are
        s.warm_mibps = on_demand ? input.integer("WarmThroughputMiBps", s.warm_mibps) : 0;
    });
    return Object();
}

Value start_stream_encryption(Context& ctx, const Value& input) {
    if (input.text("EncryptionType") != "KMS") throw stream::encryption_type();
    change_stream(ctx, input, [&](Transaction&, const Target& to, stream::Stream& s) {
        check_daily(to, s, "encryptions", limits::daily_encryptions, ctx.now());
        s.encryption_key = input.text("KeyId");
    });
    return Object();
}

Value stop_stream_encryption(Context& ctx, const Value& input) {
    if (input.text("EncryptionType") != "KMS") throw stream::encryption_type();
    change_stream(ctx, input, [&](Transaction&, const Target&, stream::Stream& s) { s.encryption_key.clear(); });
    return Object();
}

Value enable_enhanced_monitoring(Context& ctx, const Value& input) { return change_metrics(ctx, input, true); }
Value disable_enhanced_monitoring(Context& ctx, const Value& input) { return change_metrics(ctx, input, false); }

}  // namespace virga::kinesis
