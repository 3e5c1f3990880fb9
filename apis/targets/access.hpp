// With --events-access strict: whether the policy of a queue, function or topic lets a service reach it for one of its resources.
#pragma once
#include <memory>
#include <string>

#include "apis/targets/failure.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/task.hpp"
#include "emulator/world/partition.hpp"
#include "emulator/world/trace.hpp"

namespace virga::targets {

// Why `target` keeps out `service` ("events.amazonaws.com"), which acts for `source_arn` (a rule, say) of the account of `from`. Nothing when it
// does not, or when policies are not asked.
Task<Outcome> refusal(std::shared_ptr<Partition> from, Arn target, std::string source_arn, std::string service, TraceContext trace);

}  // namespace virga::targets
