// Keys in several regions: ReplicateKey, UpdatePrimaryRegion.
#include <algorithm>

#include "apis/kms/key_metadata.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/policy.hpp"
#include "emulator/keys/tend.hpp"

namespace virga::kms {

namespace {

// The primary that the request changes.
keys::Key require_primary(Context& ctx, Database& db, const Target& target) {
    keys::Key key = require_changeable(ctx, db, target);
    if (!key.multi_region) throw errors::not_multi_region(target.arn);
    if (!key.is_primary_in(ctx.region())) throw errors::not_primary(target.arn);
    require_enabled(key, target);
    return key;
}

}  // namespace

Value replicate_key(Context& ctx, const Value& input) {
    // 1. Validate.
    Target target = locate_own(ctx, input);
    keys::NewReplica replica{std::string(input.text("ReplicaRegion")), {}};
    auto tags = tags_of(input);
    if (input.has("Policy")) check_policy(ctx, input.text("Policy"), input.flag("BypassPolicyLockoutSafetyCheck"));
    Object tag_texts;
    for (const auto& [name, value] : tags) tag_texts.append(name, value);
    std::string policy = input.has("Policy") ? std::string(input.text("Policy")) : default_policy(ctx.account());
    replica.settings = {{"Description", input.text("Description")}, {"Policy", policy}, {"Tags", std::move(tag_texts)}};

    // 2. The set has one region more.
    {
        auto tx = target.partition->write();
        keys::Key key = require_primary(ctx, tx.db(), target);
        auto& regions = key.multi_region->regions;
        if (replica.region == ctx.region() || std::find(regions.begin(), regions.end(), replica.region) != regions.end())
            throw errors::replica_exists(arn_in(*target.partition, target.id, replica.region));
        regions.push_back(replica.region);
        ++key.multi_region->version;
        target.keys().save(tx, key);
        keys::spread_later(tx, key.id, replica, ctx.trace());
        tx.commit();
    }
    keys::spread(*target.partition, target.id, replica);

    // 3. Answer.
    auto partition = ctx.world.partition({ctx.account(), replica.region});
    Target made{partition, target.id, arn_in(*target.partition, target.id, replica.region)};
    auto& store = made.keys();
    auto reading = partition->read();
    keys::Key key = require_key(reading.db(), made);
    auto material = store.material(reading.db(), key.id, key.current);
    return Object{{"ReplicaKeyMetadata", key_metadata(made, key, material ? &*material : nullptr)}, {"ReplicaPolicy", key.policy}, {"ReplicaTags", tag_list(key.tags)}};
}

Value update_primary_region(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    std::string region(input.text("PrimaryRegion"));
    {
        auto tx = target.partition->write();
        keys::Key key = require_primary(ctx, tx.db(), target);
        auto& set = *key.multi_region;
        auto at = std::find(set.regions.begin(), set.regions.end(), region);
        if (at == set.regions.end()) throw errors::no_such_key(arn_in(*target.partition, target.id, region));
        *at = set.primary;
        set.primary = region;
        ++set.version;
        target.keys().save(tx, key);
        keys::spread_later(tx, key.id, {}, ctx.trace());
        tx.commit();
    }
    keys::spread(*target.partition, target.id);
    return Object();
}

}  // namespace virga::kms
