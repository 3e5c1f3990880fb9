// Auto scaling settings as they are recorded and described: nothing scales.
#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"

namespace virga::dynamodb {

// AutoScalingSettingsUpdate to AutoScalingSettingsDescription.
Value describe_auto_scaling(Context& ctx, const Value& update);

}  // namespace virga::dynamodb
