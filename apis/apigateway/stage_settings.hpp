// What a stage says besides its name and deployment.
#pragma once
#include <string>
#include <string_view>

#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {

Object default_stage_settings();
void check_stage_name(std::string_view name);
// One patch operation; deploymentId is the caller's.
void patch_stage(Object& settings, const Patch& patch);

}  // namespace virga::apigateway
