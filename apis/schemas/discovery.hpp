// How events of a bus become schemas.
#pragma once
#include <memory>
#include <string>

#include "emulator/schema/schema_store.hpp"
#include "emulator/world/world.hpp"

namespace virga::schemas {

// The rule of the bus that sends its events here. Like an archive's, it is kept by the service, not by the user.
inline constexpr const char* discovery_manager = "schemas.amazonaws.com";
// Its target is the discoverer; the bus's deliveries call GetDiscoveredSchema with this member, which no client can send: the discoverer's ARN.
inline constexpr const char* discoverer_member = "virga:discoverer";

// Makes the rule, or takes it away, as the discoverer's state says. Not under the partition's lock.
void follow_state(Partition& partition, const schema::Discoverer& discoverer, bool removed = false);

// Takes one event into the schemas of the discovered registry. Not under the partition's lock.
void discover(Partition& partition, const std::string& event, TimeMs now);

}  // namespace virga::schemas
