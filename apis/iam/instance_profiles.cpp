#include "apis/iam/operations.hpp"
#include "emulator/identity/access_key.hpp"

namespace virga::iam {

Value create_instance_profile(Context& ctx, const Value& input) {
    Entity profile;
    profile.kind = Kind::instance_profile;
    profile.name = entity_name(input, Kind::instance_profile);
    profile.id = identity::mint_id("AIPA", ctx.random);
    profile.path = input.text("Path", "/");
    profile.created = ctx.now() / 1000 * 1000;
    profile.tags = read_tags(input);
    auto in = account(ctx);
    auto tx = in.partition->write();
    in.identity.insert(tx, profile);
    Object output = profile_answer(in.identity, tx.db(), profile);
    tx.commit();
    return Object{{"InstanceProfile", std::move(output)}};
}

Value get_instance_profile(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto profile = in.identity.get(reading.db(), Kind::instance_profile, entity_name(input, Kind::instance_profile));
    return Object{{"InstanceProfile", profile_answer(in.identity, reading.db(), profile)}};
}

Value list_instance_profiles(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    Array profiles;
    for (const auto& profile : in.identity.list(reading.db(), Kind::instance_profile, input.text("PathPrefix", "/")))
        profiles.push_back(profile_answer(in.identity, reading.db(), profile));
    return paged(input, "InstanceProfiles", std::move(profiles));
}

Value list_instance_profiles_for_role(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto reading = in.partition->read();
    auto role = in.identity.get(reading.db(), Kind::role, entity_name(input, Kind::role));
    Array profiles;
    for (const auto& profile : in.identity.wholes(reading.db(), Kind::instance_profile, role))
        profiles.push_back(profile_answer(in.identity, reading.db(), profile));
    return paged(input, "InstanceProfiles", std::move(profiles));
}

Value delete_instance_profile(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto profile = in.identity.get(tx.db(), Kind::instance_profile, entity_name(input, Kind::instance_profile));
    if (!in.identity.members(tx.db(), profile, Kind::role).empty()) throw identity::delete_conflict("remove roles from instance profile");
    in.identity.erase(tx, profile);
    tx.commit();
    return Object();
}

Value add_role_to_instance_profile(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto profile = in.identity.get(tx.db(), Kind::instance_profile, entity_name(input, Kind::instance_profile));
    auto role = in.identity.get(tx.db(), Kind::role, entity_name(input, Kind::role));
    if (!in.identity.members(tx.db(), profile, Kind::role).empty()) throw identity::profile_is_full(profile.name);
    in.identity.add_member(tx, profile, role);
    tx.commit();
    return Object();
}

Value remove_role_from_instance_profile(Context& ctx, const Value& input) {
    auto in = account(ctx);
    auto tx = in.partition->write();
    auto profile = in.identity.get(tx.db(), Kind::instance_profile, entity_name(input, Kind::instance_profile));
    auto role = in.identity.get(tx.db(), Kind::role, entity_name(input, Kind::role));
    if (!in.identity.remove_member(tx, profile, role)) throw identity::entity_not_found(Kind::role, role.name);
    tx.commit();
    return Object();
}

}  // namespace virga::iam
