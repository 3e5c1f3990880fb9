#include <fmt/core.h>

#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/material.hpp"
#include "emulator/keys/tend.hpp"

namespace virga::kms {

namespace {

namespace limits = keys::limits;

// The key whose rotation the request changes, in `tx`: symmetric, with material that KMS makes unless `imported_too`, and where it is in a set its primary.
keys::Key require_rotatable(Context& ctx, Database& db, const Target& target, bool imported_too) {
    keys::Key key = require_changeable(ctx, db, target);
    if (key.spec != "SYMMETRIC_DEFAULT") throw errors::unsupported();
    if (key.origin != "AWS_KMS" && !imported_too) throw errors::wrong_origin(target.arn, key.origin);
    require_enabled(key, target);
    if (key.multi_region && !key.is_primary_in(ctx.region())) throw errors::not_primary(target.arn);
    return key;
}

// Saves the key, and what its set shares.
void save_shared(Context& ctx, const Target& target, Transaction& tx, const keys::Key& key) {
    target.keys().save(tx, key);
    if (key.multi_region) keys::spread_later(tx, key.id, {}, ctx.trace());
    tx.commit();
}

// The key after its material that waits, or one that is made now.
void rotate_now(Context& ctx, const Target& target, Transaction& tx, keys::Key& key) {
    auto& store = target.keys();
    if (key.origin == "EXTERNAL") {
        auto next = store.material(tx.db(), key.id, key.current + 1);
        if (!next || next->secret.empty()) throw errors::nothing_to_rotate_to(target.arn);
        next->rotation = "ON_DEMAND";
        next->since = ctx.now();
        store.save_material(tx.db(), key.id, *next);
        ++key.current;
        return;
    }
    keys::Chance chance(chance_of(ctx));
    keys::add_current_material(store, tx, key, keys::make_material(*keys::find_spec(key.spec)), "ON_DEMAND", ctx.now());
}

Value rotation_entry(const keys::Key& key, const keys::Material& m) {
    Object out{{"KeyId", key.id}, {"KeyMaterialId", m.id}};
    out.append("KeyMaterialState", m.number == key.current ? "CURRENT" : m.number < key.current ? "NON_CURRENT" : "PENDING_ROTATION");
    if (!m.rotation.empty()) {
        out.append("RotationDate", Timestamp{m.since});
        out.append("RotationType", m.rotation);
    }
    if (key.origin != "EXTERNAL") return out;
    out.append("ImportState", m.secret.empty() ? "PENDING_IMPORT" : "IMPORTED");
    if (!m.description.empty()) out.append("KeyMaterialDescription", m.description);
    if (m.secret.empty()) return out;
    out.append("ExpirationModel", m.expires > 0 ? "KEY_MATERIAL_EXPIRES" : "KEY_MATERIAL_DOES_NOT_EXPIRE");
    if (m.expires > 0) out.append("ValidTo", Timestamp{m.expires});
    return out;
}

}  // namespace

Value enable_key_rotation(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    bool shared = false;
    {
        auto tx = target.partition->write();
        keys::Key key = require_rotatable(ctx, tx.db(), target, false);
        std::int64_t days = input.integer("RotationPeriodInDays", key.rotation_days > 0 ? key.rotation_days : limits::default_rotation_days);
        // Another period counts from where the present one began.
        TimeMs from = key.rotation_days > 0 ? key.next_rotation - key.rotation_days * limits::day_ms : ctx.now();
        key.rotation_days = days;
        key.next_rotation = std::max(from + days * limits::day_ms, ctx.now());
        shared = key.multi_region.has_value();
        save_shared(ctx, target, tx, key);
    }
    if (shared) keys::spread(*target.partition, target.id);
    return Object();
}

Value disable_key_rotation(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    {
        auto tx = target.partition->write();
        keys::Key key = require_rotatable(ctx, tx.db(), target, false);
        key.rotation_days = 0;
        save_shared(ctx, target, tx, key);
    }
    keys::spread(*target.partition, target.id);
    return Object();
}

Value get_key_rotation_status(Context& ctx, const Value& input) {
    Target target = locate(ctx, input.text("KeyId"), Forms::keys);
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    // "While a KMS key is pending deletion, its key rotation status is false"
    bool enabled = key.rotation_days > 0 && key.deletion_days == 0;
    Object out{{"KeyId", key.id}, {"KeyRotationEnabled", enabled}};
    if (!enabled) return out;
    out.append("RotationPeriodInDays", key.rotation_days);
    out.append("NextRotationDate", Timestamp{key.next_rotation});
    return out;
}

Value rotate_key_on_demand(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    {
        auto tx = target.partition->write();
        keys::Key key = require_rotatable(ctx, tx.db(), target, true);
        if (key.on_demand_rotations >= limits::on_demand_rotations) throw errors::too_many_rotations(target.arn);
        rotate_now(ctx, target, tx, key);
        ++key.on_demand_rotations;
        save_shared(ctx, target, tx, key);
    }
    keys::spread(*target.partition, target.id);
    return Object{{"KeyId", target.id}};
}

Value list_key_rotations(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto& store = target.keys();
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    if (key.spec != "SYMMETRIC_DEFAULT") throw errors::unsupported();
    auto all = store.materials(reading.db(), key.id);
    if (input.text("IncludeKeyMaterial") != "ALL_KEY_MATERIAL") std::erase_if(all, [](const keys::Material& m) { return m.rotation.empty(); });
    // Numbers in the order of their texts.
    auto marker = [](const keys::Material& m) { return fmt::format("{:08}", m.number); };
    return page(all, input, limits::rotations_page, "Rotations", marker, [&](const keys::Material& m) { return rotation_entry(key, m); });
}

}  // namespace virga::kms
