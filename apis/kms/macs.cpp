// GenerateMac, VerifyMac.
#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

Use mac_key(Context& ctx, const Value& input) {
    Use use = use_key(ctx, input, locate(ctx, input.text("KeyId"), Forms::aliases), "GENERATE_VERIFY_MAC");
    require_algorithm(use, input.text("MacAlgorithm"));
    return use;
}

std::string mac_of(const Use& use, const Value& input) { return keys::mac(use.material.secret, input.text("MacAlgorithm"), input["Message"].as_bytes()); }

}  // namespace

Value generate_mac(Context& ctx, const Value& input) {
    Use use = mac_key(ctx, input);
    end_of_checks(ctx, input, use);
    return Object{{"KeyId", use.target.arn}, {"Mac", Bytes{mac_of(use, input)}}, {"MacAlgorithm", input["MacAlgorithm"]}};
}

Value verify_mac(Context& ctx, const Value& input) {
    Use use = mac_key(ctx, input);
    if (!keys::same_bytes(mac_of(use, input), input["Mac"].as_bytes())) throw errors::invalid_mac();
    end_of_checks(ctx, input, use);
    return Object{{"KeyId", use.target.arn}, {"MacValid", true}, {"MacAlgorithm", input["MacAlgorithm"]}};
}

}  // namespace virga::kms
