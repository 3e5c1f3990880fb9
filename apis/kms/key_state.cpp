// What becomes of keys: EnableKey, DisableKey, ScheduleKeyDeletion, CancelKeyDeletion, UpdateKeyDescription.
#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "emulator/keys/limits.hpp"

namespace virga::kms {

namespace {

namespace limits = keys::limits;

// Changes the key that the input names by `change(key, target)`, and answers the key after it.
template <class Change>
keys::Key change_key(Context& ctx, const Target& target, Change change) {
    auto tx = target.partition->write();
    keys::Key key = require_changeable(ctx, tx.db(), target);
    change(key);
    target.keys().save(tx, key);
    tx.commit();
    return key;
}

// On and off there is only for keys that have all they need.
void set_enabled(Context& ctx, const Value& input, bool enabled) {
    Target target = locate_own(ctx, input);
    change_key(ctx, target, [&](keys::Key& key) {
        if (std::string_view state = keys::state_of(key); state != "Enabled" && state != "Disabled") throw errors::in_state(target.arn, state);
        key.enabled = enabled;
    });
}

}  // namespace

Value enable_key(Context& ctx, const Value& input) {
    set_enabled(ctx, input, true);
    return Object();
}

Value disable_key(Context& ctx, const Value& input) {
    set_enabled(ctx, input, false);
    return Object();
}

Value update_key_description(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    change_key(ctx, target, [&](keys::Key& key) {
        require_staying(key, target);
        key.description = input.text("Description");
    });
    return Object();
}

Value schedule_key_deletion(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    std::int64_t days = input.integer("PendingWindowInDays", limits::max_deletion_days);
    if (days < limits::min_deletion_days || days > limits::max_deletion_days) throw errors::deletion_window();
    keys::Key key = change_key(ctx, target, [&](keys::Key& k) {
        require_staying(k, target);
        k.deletion_days = days;
        // A primary waits for its replicas to go; its own days begin then.
        bool waits = k.is_primary_in(ctx.region()) && !k.multi_region->regions.empty();
        k.deletion_at = waits ? 0 : ctx.now() + days * limits::day_ms;
    });
    Object out{{"KeyId", target.arn}, {"KeyState", keys::state_of(key)}, {"PendingWindowInDays", days}};
    if (key.deletion_at > 0) out.append("DeletionDate", Timestamp{key.deletion_at});
    return out;
}

Value cancel_key_deletion(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    change_key(ctx, target, [&](keys::Key& key) {
        if (key.deletion_days == 0) throw errors::not_pending_deletion(target.arn);
        key.deletion_days = key.deletion_at = 0;
        key.enabled = false;
    });
    return Object{{"KeyId", target.arn}};
}

}  // namespace virga::kms
