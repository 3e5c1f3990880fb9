// What a target must be, checked when it is put.
#pragma once
#include <string_view>

#include "emulator/base/arn.hpp"
#include "emulator/base/value.hpp"

namespace virga::events {

// Throws in the service's words. `region` is the rule's.
void check_target(const Value& target, std::string_view region);
// Of check_target: what the members of its parameter blocks must be. target_parameters.cpp
void check_parameters(const Value& target, const Arn& arn);
// A dead-letter queue is a standard queue of the same region; null is none.
void check_dead_letter(const Value& config, std::string_view region);

}  // namespace virga::events
