#include "apis/dynamodb/update_throughput.hpp"

#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/table_definition.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr TimeMs day_ms = 86'400'000, hour_ms = 3'600'000;

void count_decrease(Object& recorded, TimeMs now) {
    const Value* last = recorded.find("LastDecreaseDateTime");
    const std::int64_t count = decreases_today(recorded, now);
    if (count >= limits::free_decreases && now - last->as_integer() < hour_ms)
        throw errors::too_many_decreases(count, last->as_integer(), last->as_integer() + hour_ms);
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
    if (input.has("ProvisionedThroughput")) throw errors::throughput_refused();
    if (!t.on_demand) t.on_demand_since = now;
    t.on_demand = true;
    t.throughput = {};
    for (Index& i : t.indexes) i.throughput = {};
}

}  // namespace

std::int64_t decreases_today(const Object& recorded, TimeMs now) {
    const Value* last = recorded.find("LastDecreaseDateTime");
    return last && last->as_integer() / day_ms == now / day_ms ? recorded.find("DecreasesToday")->as_integer() : 0;
}

void change_throughput(const Value& input, Table& t, TimeMs now) {
    const std::string_view mode = input.text("BillingMode");
    const Value& given = input["ProvisionedThroughput"];
    if (mode == "PAY_PER_REQUEST") return to_on_demand(input, t, now);
    if (mode == "PROVISIONED" && t.on_demand) {
        if (given.is_null()) throw errors::throughput_required();
        check_throughput(given);
        t.on_demand = false;
        t.throughput = read_throughput(given);
        return;
    }
    if (given.is_null()) return;
    if (t.on_demand) throw errors::throughput_refused();
    check_throughput(given);
    const Throughput wanted = read_throughput(given);
    if (wanted == t.throughput) throw errors::same_throughput("table", t.throughput, wanted);
    set_throughput(t.throughput, t.recorded, wanted, now);
}

void change_index_throughput(const Value& given, const Table& t, Index& index, TimeMs now) {
    if (t.on_demand) throw errors::index_throughput_refused(index.name);
    check_throughput(given);
    const Throughput wanted = read_throughput(given);
    if (wanted == index.throughput) throw errors::same_throughput(fmt::format("index {}", index.name), index.throughput, wanted);
    set_throughput(index.throughput, index.recorded, wanted, now);
}

void check_every_index_has_throughput(const Table& t) {
    if (t.on_demand) return;
    for (const Index& i : t.indexes)
        if (i.global && i.throughput == Throughput{}) throw errors::index_throughput_required(i.name);
}

}  // namespace virga::dynamodb
