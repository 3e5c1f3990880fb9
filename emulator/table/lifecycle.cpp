#include "emulator/table/lifecycle.hpp"

#include <algorithm>

namespace virga::table {

Delays delays(World& world) {
    if (!is_realistic(world)) return {};
    constexpr TimeMs second = 1000;
    Delays d;
    d.create_table = 8 * second;
    d.update_table = 6 * second;
    d.delete_table = 5 * second;
    d.create_index = 60 * second;
    d.delete_index = 10 * second;
    d.time_to_live = 3600 * second;  // "It can take up to one hour for the change to fully process"
    d.destination = 30 * second;
    d.backup = 5 * second;
    d.restore = 60 * second;
    d.replica = 60 * second;
    d.insights = 10 * second;
    return d;
}

std::string_view table_status(const Table& t, TimeMs now) {
    if (t.gone_at) return "DELETING";
    if (t.filling || now < t.ready_at) return "CREATING";
    auto settled = [&](const Index& i) { return index_status(i, now) == "ACTIVE"; };
    auto there = [&](const Replica& r) { return now >= r.ready_at; };
    if (now < t.settled_at || !std::all_of(t.indexes.begin(), t.indexes.end(), settled)) return "UPDATING";
    return std::all_of(t.replicas.begin(), t.replicas.end(), there) ? "ACTIVE" : "UPDATING";
}

std::string_view index_status(const Index& i, TimeMs now) {
    if (i.gone_at) return "DELETING";
    return i.backfilling || now < i.ready_at ? "CREATING" : "ACTIVE";
}

std::string_view replica_status(const Replica& r, TimeMs now) { return now < r.ready_at ? "CREATING" : "ACTIVE"; }

std::string_view destination_status(const Destination& d, TimeMs now) {
    if (now < d.settled_at) return d.changing;
    return d.enabled ? "ACTIVE" : "DISABLED";
}

}  // namespace virga::table
