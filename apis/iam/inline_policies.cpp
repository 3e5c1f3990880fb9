#include "apis/iam/operations.hpp"
#include "emulator/identity/limits.hpp"
#include "emulator/identity/policy_document.hpp"

namespace virga::iam {

namespace {

std::size_t size_limit(Kind kind) {
    if (kind == Kind::role) return identity::limits::role_inline_size;
    return kind == Kind::user ? identity::limits::user_inline_size : identity::limits::group_inline_size;
}

}  // namespace

Value put_inline_policy(Context& ctx, const Value& input, Kind kind) {
    std::string document(input.text("PolicyDocument")), policy(input.text("PolicyName"));
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    identity::check_policy_document(document, identity::PolicyUse::identity);
    std::size_t total = identity::policy_size(document);
    for (const auto& other : in.identity.inline_policies(tx.db(), entity))
        if (other != policy) total += identity::policy_size(in.identity.inline_policy(tx.db(), entity, other).value_or(""));
    if (total > size_limit(kind)) throw identity::inline_size_exceeded(kind, entity.name, size_limit(kind));
    in.identity.put_inline(tx, entity, policy, document);
    tx.commit();
    return Object();
}

Value get_inline_policy(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto entity = in.identity.get(reading.db(), kind, entity_name(input, kind));
    auto document = in.identity.inline_policy(reading.db(), entity, input.text("PolicyName"));
    if (!document) throw identity::inline_policy_not_found(kind, input.text("PolicyName"));
    return Object{{name_member(kind), entity.name}, {"PolicyName", input["PolicyName"]}, {"PolicyDocument", encoded_document(*document)}};
}

Value list_inline_policies(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto entity = in.identity.get(reading.db(), kind, entity_name(input, kind));
    Array names;
    for (auto& name : in.identity.inline_policies(reading.db(), entity)) names.push_back(std::move(name));
    return paged(input, "PolicyNames", std::move(names));
}

Value delete_inline_policy(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    if (!in.identity.erase_inline(tx, entity, input.text("PolicyName"))) throw identity::inline_policy_not_found(kind, input.text("PolicyName"));
    tx.commit();
    return Object();
}

}  // namespace virga::iam
