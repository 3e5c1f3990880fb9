#include <algorithm>

#include "apis/sts/operations.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/identity/access_key.hpp"
#include "emulator/identity/identity.hpp"
#include "emulator/identity/limits.hpp"
#include "emulator/identity/policy_document.hpp"

namespace virga::sts {

namespace {

namespace limits = identity::limits;

struct RoleArn {
    std::string account, name;
};

RoleArn parse_role_arn(std::string_view arn) {
    // arn:<partition>:iam::<account>:role[/path]/<name>
    auto role = arn.find(":role/");
    auto iam = arn.find(":iam::");
    bool valid = arn.starts_with("arn:") && iam != std::string_view::npos && role == iam + 6 + 12;
    RoleArn parsed;
    if (valid) {
        parsed.account = arn.substr(iam + 6, 12);
        parsed.name = arn.substr(arn.rfind('/') + 1);
        valid = std::all_of(parsed.account.begin(), parsed.account.end(), [](char c) { return c >= '0' && c <= '9'; }) && !parsed.name.empty();
    }
    if (!valid) throw identity::invalid_role_arn(arn);
    return parsed;
}

// The id of a role that nobody made: always the same for the same ARN.
std::string implied_role_id(std::string_view arn) {
    Random random(hash64(arn));
    return identity::mint_id("AROA", random);
}

// Whose session it is, and what limits it.
struct NewSession {
    std::string account, arn, user_id;
    identity::SessionPolicies policies{};
    std::string issuer{};
};

// Stores a session and answers its credentials. Expiration is in the time that clients see in Date headers.
Object open_session(Context& ctx, NewSession opened, std::int64_t seconds) {
    identity::Session session{identity::mint_access_key("ASIA", opened.account, ctx.random), identity::mint_secret(ctx.random), base64_encode(ctx.random.bytes(192)),
                              std::move(opened.arn), std::move(opened.user_id), ctx.now(), std::move(opened.policies), std::move(opened.issuer)};
    auto partition = identity::global_partition(ctx.world, opened.account);
    auto& store = partition->part<identity::Identity>();
    auto tx = partition->write();
    store.insert_session(tx, session);
    tx.commit();
    return {{"AccessKeyId", session.access_key},
            {"SecretAccessKey", session.secret},
            {"SessionToken", session.token},
            {"Expiration", Timestamp{(ctx.world.clock.date() / 1000 + seconds) * 1000}}};
}

// The policies that the input passes along for a session of the account; they have to be well-formed, and there.
identity::SessionPolicies session_policies(Context& ctx, const Value& input, const std::string& account) {
    identity::SessionPolicies policies;
    policies.document = input.text("Policy");
    for (const Value& policy : input.list("PolicyArns")) policies.arns.emplace_back(policy.text("arn"));
    if (policies.arns.size() > limits::session_policy_arns) throw identity::too_many_session_policies();
    if (!policies.document.empty()) identity::check_policy_document(policies.document, identity::PolicyUse::session);
    auto partition = identity::global_partition(ctx.world, account);
    auto& store = partition->part<identity::Identity>();
    auto reading = partition->read();
    for (const std::string& arn : policies.arns)
        if (!arn.starts_with("arn:aws:iam::aws:policy/") && !store.find_policy(reading.db(), arn)) throw identity::session_policy_not_found(arn);
    return policies;
}

// How much of the room for policies and tags is taken, in percent; nothing without any. How the service packs them is not known: they count as they
// are written. Throws PackedPolicyTooLarge.
std::optional<std::int64_t> packed_size(const Value& input) {
    std::size_t size = input.text("Policy").size();
    for (const Value& policy : input.list("PolicyArns")) size += policy.text("arn").size();
    const bool policies_fit = size <= limits::session_policy_size;
    for (const Value& tag : input.list("Tags")) size += tag.text("Key").size() + tag.text("Value").size();
    if (size == 0) return std::nullopt;
    // Tags have a limit of their own each: together with policies that fit they do not make a call fail here.
    auto percent = static_cast<std::int64_t>((size * 100 + limits::session_policy_size - 1) / limits::session_policy_size);
    if (!policies_fit) throw identity::packed_policy_too_large(percent);
    return std::min<std::int64_t>(percent, 100);
}

// Credentials and AssumedRoleUser for a session of the role that the input names.
Object assume(Context& ctx, const Value& input, bool chained) {
    // 1. whose role
    auto arn = input.text("RoleArn");
    RoleArn role = parse_role_arn(arn);
    ctx.resource = arn;
    auto partition = identity::global_partition(ctx.world, role.account);
    auto& store = partition->part<identity::Identity>();
    std::optional<identity::Entity> known;
    {
        auto reading = partition->read();
        known = store.find(reading.db(), identity::Kind::role, role.name);
    }
    // 2. for how long
    std::int64_t seconds = input.integer("DurationSeconds", limits::default_session_s);
    if (chained && seconds > limits::chained_session_s) throw identity::session_too_long_for_chain();
    if (known && seconds > known->max_session) throw identity::session_too_long_for_role();
    // 3. the session
    std::string session(input.text("RoleSessionName"));
    std::string id = (known ? known->id : implied_role_id(arn)) + ":" + session;
    std::string session_arn = "arn:aws:sts::" + role.account + ":assumed-role/" + role.name + "/" + session;
    auto packed = packed_size(input);
    NewSession opened{role.account, session_arn, id, session_policies(ctx, input, role.account)};
    Object output{{"Credentials", open_session(ctx, std::move(opened), seconds)}, {"AssumedRoleUser", Object{{"AssumedRoleId", id}, {"Arn", session_arn}}}};
    if (packed) output.append("PackedPolicySize", *packed);
    return output;
}

// The claims of a JSON Web Token. Who signed it is not looked at.
Value token_claims(std::string_view token) {
    auto first = token.find('.');
    auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) throw identity::invalid_identity_token();
    std::string part(token.substr(first + 1, second - first - 1));  // base64url without padding
    std::replace(part.begin(), part.end(), '-', '+');
    std::replace(part.begin(), part.end(), '_', '/');
    part.resize((part.size() + 3) / 4 * 4, '=');
    auto text = base64_decode(part);
    Value claims;
    if (!text || !json::try_parse(*text, claims) || !claims.find("sub") || !claims["sub"].is_string()) throw identity::invalid_identity_token();
    return claims;
}

}  // namespace

Value assume_role(Context& ctx, const Value& input) {
    bool chained = ctx.call.principal.arn.find(":assumed-role/") != std::string::npos;
    Object output = assume(ctx, input, chained);
    if (input.has("SourceIdentity")) output.append("SourceIdentity", input["SourceIdentity"]);
    return output;
}

Value assume_role_with_web_identity(Context& ctx, const Value& input) {
    Value claims = token_claims(input.text("WebIdentityToken"));
    Object output = assume(ctx, input, false);
    output.append("SubjectFromWebIdentityToken", claims["sub"]);
    const Value& audience = claims["aud"];
    if (audience.is_string()) output.append("Audience", audience);
    else if (audience.is_array() && !audience.as_array().empty()) output.append("Audience", audience.as_array()[0]);
    output.append("Provider", input.has("ProviderId") ? input["ProviderId"] : claims["iss"]);
    return output;
}

Value get_session_token(Context& ctx, const Value& input) {
    const Principal& p = ctx.call.principal;
    std::int64_t seconds = input.integer("DurationSeconds", limits::session_token_s);
    NewSession opened{ctx.account(), p.arn, p.user_id.empty() ? ctx.account() : p.user_id};
    return Object{{"Credentials", open_session(ctx, std::move(opened), seconds)}};
}

Value get_federation_token(Context& ctx, const Value& input) {
    std::string name(input.text("Name"));
    std::string arn = "arn:aws:sts::" + ctx.account() + ":federated-user/" + name;
    std::string id = ctx.account() + ":" + name;
    std::int64_t seconds = input.integer("DurationSeconds", limits::session_token_s);
    auto packed = packed_size(input);
    NewSession opened{ctx.account(), arn, id, session_policies(ctx, input, ctx.account()), ctx.call.principal.arn};
    Object output{{"Credentials", open_session(ctx, std::move(opened), seconds)}, {"FederatedUser", Object{{"FederatedUserId", id}, {"Arn", arn}}}};
    if (packed) output.append("PackedPolicySize", *packed);
    return output;
}

}  // namespace virga::sts
