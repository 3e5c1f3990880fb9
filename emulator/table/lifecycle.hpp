// States that settle by the clock: a table is CREATING, UPDATING or DELETING until an instant that its definition names.
//
// By default nothing takes time: the reply shows the state, the next look finds it settled. At a realistic pace the instants lie
// as far ahead as the service's own delays usually do.
#pragma once
#include <string_view>

#include "emulator/table/schema.hpp"
#include "emulator/world/pace.hpp"

namespace virga::table {

// How long each change takes, in ms; all 0 unless the pace is realistic.
struct Delays {
    TimeMs create_table = 0, update_table = 0, delete_table = 0;
    TimeMs create_index = 0, delete_index = 0;
    TimeMs time_to_live = 0, destination = 0, backup = 0, restore = 0, replica = 0, insights = 0;
};
Delays delays(World& world);

// "CREATING", "UPDATING", "DELETING" or "ACTIVE".
std::string_view table_status(const Table& table, TimeMs now);
std::string_view index_status(const Index& index, TimeMs now);
std::string_view replica_status(const Replica& replica, TimeMs now);
// "ENABLING", "ACTIVE", "UPDATING", "DISABLING" or "DISABLED".
std::string_view destination_status(const Destination& destination, TimeMs now);

}  // namespace virga::table
