#include "apis/iam/operations.hpp"
#include "emulator/identity/limits.hpp"

namespace virga::iam {

namespace {

// "TagsPerRole"
std::string quota_name(Kind kind) { return kind == Kind::role ? "TagsPerRole" : kind == Kind::user ? "TagsPerUser" : "TagsPerInstanceProfile"; }

void add_tags(Object& tags, const Value& input, const std::string& quota) {
    for (const auto& [key, value] : read_tags(input)) tags[key] = value;
    if (tags.size() > identity::limits::tags) throw identity::quota_exceeded(quota, identity::limits::tags);
}

void remove_tags(Object& tags, const Value& input) {
    for (const auto& key : input.list("TagKeys")) tags.erase(key.as_string());
}

identity::ManagedPolicy need_policy(const Account& in, Database& db, const Value& input) {
    auto policy = in.identity.find_policy(db, input.text("PolicyArn"));
    if (!policy) throw identity::policy_not_found(input.text("PolicyArn"));
    return *policy;
}

}  // namespace

Value tag_entity(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    add_tags(entity.tags, input, quota_name(kind));
    in.identity.update(tx, entity, entity.name);
    tx.commit();
    return Object();
}

Value untag_entity(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto entity = in.identity.get(tx.db(), kind, entity_name(input, kind));
    remove_tags(entity.tags, input);
    in.identity.update(tx, entity, entity.name);
    tx.commit();
    return Object();
}

Value list_entity_tags(Context& ctx, const Value& input, Kind kind) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    return paged(input, "Tags", tag_list(in.identity.get(reading.db(), kind, entity_name(input, kind)).tags));
}

Value tag_policy(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_policy(in, tx.db(), input);
    add_tags(policy.tags, input, "TagsPerPolicy");
    in.identity.update_policy(tx, policy);
    tx.commit();
    return Object();
}

Value untag_policy(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto policy = need_policy(in, tx.db(), input);
    remove_tags(policy.tags, input);
    in.identity.update_policy(tx, policy);
    tx.commit();
    return Object();
}

Value list_policy_tags(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    return paged(input, "Tags", tag_list(need_policy(in, reading.db(), input).tags));
}

}  // namespace virga::iam
