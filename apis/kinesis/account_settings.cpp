#include <algorithm>

#include "apis/kinesis/operations.hpp"
#include "emulator/stream/account.hpp"
#include "emulator/stream/streams.hpp"

namespace virga::kinesis {

namespace {

Object answer(const stream::Commitment& c, TimeMs now) {
    Object commitment{{"Status", c.ending(now) ? "ENABLED_UNTIL_EARLIEST_ALLOWED_END" : c.on(now) ? "ENABLED" : "DISABLED"}};
    if (c.started) commitment.append("StartedAt", Timestamp{*c.started});
    if (c.ended) commitment.append("EndedAt", Timestamp{std::max(*c.ended, c.earliest_end())});
    if (c.on(now)) commitment.append("EarliestAllowedEndAt", Timestamp{c.earliest_end()});
    return {{"MinimumThroughputBillingCommitment", std::move(commitment)}};
}

}  // namespace

Value describe_account_settings(Context& ctx, const Value&) {
    ctx.partition->part<stream::Streams>();
    auto reading = ctx.partition->read();
    return answer(stream::read_commitment(reading.db()), ctx.now());
}

Value update_account_settings(Context& ctx, const Value& input) {
    bool enable = input["MinimumThroughputBillingCommitment"].text("Status") == "ENABLED";
    ctx.partition->part<stream::Streams>();
    auto tx = ctx.partition->write();
    auto commitment = stream::read_commitment(tx.db());
    if (enable && !commitment.on(ctx.now())) commitment = {ctx.now(), {}};
    else if (enable) commitment.ended.reset();
    else if (commitment.on(ctx.now()) && !commitment.ended) commitment.ended = ctx.now();
    stream::write_commitment(tx, commitment);
    tx.commit();
    return answer(commitment, ctx.now());
}

}  // namespace virga::kinesis
