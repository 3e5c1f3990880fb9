#include "apis/sts/operations.hpp"
#include "emulator/identity/access_key.hpp"

namespace virga::sts {

Value get_caller_identity(Context& ctx, const Value&) {
    const Principal& p = ctx.call.principal;
    return Object{{"UserId", p.user_id.empty() ? p.account : p.user_id}, {"Account", ctx.account()}, {"Arn", p.arn}};
}

Value get_access_key_info(Context&, const Value& input) {
    // Keys that carry no account ("test") belong to the account of those who sign with them.
    return Object{{"Account", identity::account_of_key(input.text("AccessKeyId")).value_or("000000000000")}};
}

}  // namespace virga::sts
