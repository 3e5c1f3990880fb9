#include "apis/iam/operations.hpp"
#include "emulator/identity/access_key.hpp"

namespace virga::iam {

Value create_group(Context& ctx, const Value& input) {
    Entity group;
    group.kind = Kind::group;
    group.name = entity_name(input, Kind::group);
    group.id = identity::mint_id("AGPA", ctx.random);
    group.path = input.text("Path", "/");
    group.created = ctx.now() / 1000 * 1000;
    auto in = account(ctx);
    auto tx = in.partition->write();
    in.identity.insert(tx, group);
    tx.commit();
    return Object{{"Group", group_answer(in.identity, group)}};
}

Value get_group(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto group = in.identity.get(reading.db(), Kind::group, entity_name(input, Kind::group));
    Array users;
    for (const auto& user : in.identity.members(reading.db(), group, Kind::user)) users.push_back(user_answer(in.identity, user, false));
    Value output = paged(input, "Users", std::move(users));
    output["Group"] = group_answer(in.identity, group);
    return output;
}

Value list_groups(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    Array groups;
    for (const auto& group : in.identity.list(reading.db(), Kind::group, input.text("PathPrefix", "/"))) groups.push_back(group_answer(in.identity, group));
    return paged(input, "Groups", std::move(groups));
}

Value update_group(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto group = in.identity.get(tx.db(), Kind::group, entity_name(input, Kind::group));
    std::string old_name = group.name;
    group.name = input.text("NewGroupName", group.name);
    group.path = input.text("NewPath", group.path);
    in.identity.update(tx, group, old_name);
    tx.commit();
    return Object();
}

Value delete_group(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto group = in.identity.get(tx.db(), Kind::group, entity_name(input, Kind::group));
    if (!in.identity.members(tx.db(), group, Kind::user).empty()) throw identity::delete_conflict("remove users from group");
    if (!in.identity.attached(tx.db(), group).empty()) throw identity::delete_conflict("detach all policies");
    if (!in.identity.inline_policies(tx.db(), group).empty()) throw identity::delete_conflict("delete policies");
    in.identity.erase(tx, group);
    tx.commit();
    return Object();
}

Value add_user_to_group(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto group = in.identity.get(tx.db(), Kind::group, entity_name(input, Kind::group));
    auto user = in.identity.get(tx.db(), Kind::user, entity_name(input, Kind::user));
    in.identity.add_member(tx, group, user);
    tx.commit();
    return Object();
}

Value remove_user_from_group(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto group = in.identity.get(tx.db(), Kind::group, entity_name(input, Kind::group));
    auto user = in.identity.get(tx.db(), Kind::user, entity_name(input, Kind::user));
    in.identity.remove_member(tx, group, user);
    tx.commit();
    return Object();
}

Value list_groups_for_user(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto user = in.identity.get(reading.db(), Kind::user, entity_name(input, Kind::user));
    Array groups;
    for (const auto& group : in.identity.wholes(reading.db(), Kind::group, user)) groups.push_back(group_answer(in.identity, group));
    return paged(input, "Groups", std::move(groups));
}

}  // namespace virga::iam
