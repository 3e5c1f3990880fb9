#include "apis/dynamodb/update_throughput.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/table_definition.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr TimeMs day_ms = 86'400'000, hour_ms = 3'600'000;
constexpr std::int64_t free_decreases = 4;  // "four decreases at any time in a UTC day", then one an hour

ApiError unchanged(std::string_view what, const Throughput& now, const Throughput& wanted) {
    return errors::validation(
        fmt::format("The provisioned throughput for the {0} will not change. The requested value equals the current value. Current ReadCapacityUnits "
                    "provisioned for the {0}: {1}. Requested ReadCapacityUnits: {2}. Current WriteCapacityUnits provisioned for the {0}: {3}. Requested "
                    "WriteCapacityUnits: {4}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                    what, now.read, wanted.read, now.write, wanted.write));
}

void count_decrease(Object& recorded, TimeMs now) {
    const Value* last = recorded.find("LastDecreaseDateTime");
    const bool today = last && last->as_integer() / day_ms == now / day_ms;
    const std::int64_t count = today ? recorded["DecreasesToday"].as_integer() : 0;
    if (count >= free_decreases && now - last->as_integer() < hour_ms)
        throw ApiError("LimitExceededException", 400,
                       fmt::format("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each "
                                   "subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: {}. Last "
                                   "decrease at {}. Next decrease can be made at {}",
                                   count, format_utc(last->as_integer(), "%A, %B %-d, %Y at %-I:%M:%S %p UTC"),
                                   format_utc(last->as_integer() + hour_ms, "%A, %B %-d, %Y at %-I:%M:%S %p UTC")));
    recorded["DecreasesToday"] = count + 1;
    recorded["LastDecreaseDateTime"] = now;
}

// Notes when throughput went up or down.
void set_throughput(Throughput& current, Object& recorded, const Throughput& wanted, TimeMs now) {
    if (wanted.read < current.read || wanted.write < current.write) count_decrease(recorded, now);
    if (wanted.read > current.read || wanted.write > current.write) recorded["LastIncreaseDateTime"] = now;
    current = wanted;
}

void to_on_demand(const Value& input, Table& t, TimeMs now) {
    if (input.has("ProvisionedThroughput"))
        throw errors::invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
    if (!t.on_demand) t.on_demand_since = now;
    t.on_demand = true;
    t.throughput = {};
    for (Index& i : t.indexes) i.throughput = {};
}

}  // namespace

void change_throughput(const Value& input, Table& t, TimeMs now) {
    const std::string_view mode = input.text("BillingMode");
    const Value& given = input["ProvisionedThroughput"];
    if (mode == "PAY_PER_REQUEST") return to_on_demand(input, t, now);
    if (mode == "PROVISIONED" && t.on_demand) {
        if (given.is_null()) throw errors::invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        check_throughput(given);
        t.on_demand = false;
        t.throughput = read_throughput(given);
        return;
    }
    if (given.is_null()) return;
    if (t.on_demand) throw errors::invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
    check_throughput(given);
    const Throughput wanted = read_throughput(given);
    if (wanted == t.throughput) throw unchanged("table", t.throughput, wanted);
    set_throughput(t.throughput, t.recorded, wanted, now);
}

void change_index_throughput(const Value& given, const Table& t, Index& index, TimeMs now) {
    if (t.on_demand)
        throw errors::invalid_parameter(fmt::format("ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST", index.name));
    check_throughput(given);
    const Throughput wanted = read_throughput(given);
    if (wanted == index.throughput) throw unchanged(fmt::format("index {}", index.name), index.throughput, wanted);
    set_throughput(index.throughput, index.recorded, wanted, now);
}

void check_every_index_has_throughput(const Table& t) {
    if (t.on_demand) return;
    for (const Index& i : t.indexes)
        if (i.global && i.throughput == Throughput{}) throw errors::invalid_parameter(fmt::format("ProvisionedThroughput must be specified for index: {}", i.name));
}

}  // namespace virga::dynamodb
