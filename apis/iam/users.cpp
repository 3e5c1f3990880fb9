#include "apis/iam/operations.hpp"
#include "emulator/identity/access_key.hpp"
#include "emulator/identity/limits.hpp"

namespace virga::iam {

namespace {

namespace limits = identity::limits;

// The user an operation on keys means: named, or the one that calls.
Entity key_owner(Context& ctx, const Account& in, Database& db, const Value& input) {
    if (input.has("UserName")) return in.identity.get(db, Kind::user, entity_name(input, Kind::user));
    const auto& arn = ctx.call.principal.arn;
    if (arn.find(":user/") == std::string::npos) throw ApiError("ValidationError", 400, "Must specify userName when calling with non-User credentials");
    return in.identity.get(db, Kind::user, arn.substr(arn.rfind('/') + 1));
}

identity::AccessKey owned_key(const Account& in, Database& db, const Entity& user, std::string_view id) {
    for (auto& key : in.identity.keys(db, user))
        if (key.id == id) return key;
    throw identity::access_key_not_found(id);
}

}  // namespace

Value create_user(Context& ctx, const Value& input) {
    Entity user;
    user.kind = Kind::user;
    user.name = entity_name(input, Kind::user);
    user.id = identity::mint_id("AIDA", ctx.random);
    user.path = input.text("Path", "/");
    user.created = ctx.now() / 1000 * 1000;
    user.boundary = input.text("PermissionsBoundary");
    user.tags = read_tags(input);
    if (user.tags.size() > limits::tags) throw identity::quota_exceeded("TagsPerUser", limits::tags);
    auto in = account(ctx);
    ctx.resource = in.identity.arn(user);
    auto tx = in.partition->write();
    in.identity.insert(tx, user);
    tx.commit();
    return Object{{"User", user_answer(in.identity, user, true)}};
}

Value get_user(Context& ctx, const Value& input) {
    auto in = account(ctx);
    if (!input.has("UserName") && ctx.call.principal.arn.ends_with(":root"))
        return Object{{"User", Object{{"Path", "/"}, {"UserId", ctx.account()}, {"Arn", ctx.call.principal.arn}, {"CreateDate", Timestamp{0}}}}};
    auto reading = in.partition->read();
    return Object{{"User", user_answer(in.identity, key_owner(ctx, in, reading.db(), input), true)}};
}

Value list_users(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    Array users;
    for (const auto& user : in.identity.list(reading.db(), Kind::user, input.text("PathPrefix", "/"))) users.push_back(user_answer(in.identity, user, false));
    return paged(input, "Users", std::move(users));
}

Value update_user(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto user = in.identity.get(tx.db(), Kind::user, entity_name(input, Kind::user));
    std::string old_name = user.name;
    user.name = input.text("NewUserName", user.name);
    user.path = input.text("NewPath", user.path);
    in.identity.update(tx, user, old_name);
    tx.commit();
    return Object();
}

Value delete_user(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto user = in.identity.get(tx.db(), Kind::user, entity_name(input, Kind::user));
    if (!in.identity.wholes(tx.db(), Kind::group, user).empty()) throw identity::delete_conflict("remove users from group");
    if (!in.identity.attached(tx.db(), user).empty()) throw identity::delete_conflict("detach all policies");
    if (!in.identity.inline_policies(tx.db(), user).empty()) throw identity::delete_conflict("delete policies");
    if (!in.identity.keys(tx.db(), user).empty()) throw identity::delete_conflict("delete access keys");
    in.identity.erase(tx, user);
    tx.commit();
    return Object();
}

Value create_access_key(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto user = key_owner(ctx, in, tx.db(), input);
    if (in.identity.keys(tx.db(), user).size() >= limits::access_keys) throw identity::quota_exceeded("AccessKeysPerUser", limits::access_keys);
    identity::AccessKey key{identity::mint_access_key("AKIA", ctx.account(), ctx.random), user.name, identity::mint_secret(ctx.random), "Active",
                            ctx.now() / 1000 * 1000};
    in.identity.insert_key(tx, key);
    tx.commit();
    return Object{{"AccessKey", Object{{"UserName", user.name},
                                       {"AccessKeyId", key.id},
                                       {"Status", key.status},
                                       {"SecretAccessKey", key.secret},
                                       {"CreateDate", Timestamp{key.created}}}}};
}

Value list_access_keys(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto user = key_owner(ctx, in, reading.db(), input);
    Array keys;
    for (const auto& key : in.identity.keys(reading.db(), user))
        keys.push_back(Object{{"UserName", user.name}, {"AccessKeyId", key.id}, {"Status", key.status}, {"CreateDate", Timestamp{key.created}}});
    return paged(input, "AccessKeyMetadata", std::move(keys));
}

Value update_access_key(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto user = key_owner(ctx, in, tx.db(), input);
    auto key = owned_key(in, tx.db(), user, input.text("AccessKeyId"));
    in.identity.set_key_status(tx, key.id, input.text("Status"));
    tx.commit();
    return Object();
}

Value delete_access_key(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto user = key_owner(ctx, in, tx.db(), input);
    auto key = owned_key(in, tx.db(), user, input.text("AccessKeyId"));
    in.identity.erase_key(tx, key.id);
    tx.commit();
    return Object();
}

}  // namespace virga::iam
