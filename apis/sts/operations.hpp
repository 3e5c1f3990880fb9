// The operations of the Security Token Service, one function each.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::sts {

Value get_caller_identity(Context& ctx, const Value& input);
Value get_access_key_info(Context& ctx, const Value& input);
Value assume_role(Context& ctx, const Value& input);
Value assume_role_with_web_identity(Context& ctx, const Value& input);
Value get_session_token(Context& ctx, const Value& input);
Value get_federation_token(Context& ctx, const Value& input);

}  // namespace virga::sts
