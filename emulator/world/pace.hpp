// Whether changes of state (a table that is made, a stream that is split) take the time they take on AWS, by the clock.
#pragma once
#include "emulator/world/world.hpp"

namespace virga {

// The pace of a world, set before its first request.
struct Pace : Part {
    explicit Pace(World&) {}
    bool realistic = false;
};
inline bool is_realistic(World& world) { return world.part<Pace>().realistic; }

}  // namespace virga
