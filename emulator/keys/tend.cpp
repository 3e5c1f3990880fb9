#include "emulator/keys/tend.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/key_spec.hpp"
#include "emulator/keys/limits.hpp"
#include "emulator/keys/material.hpp"
#include "emulator/world/world.hpp"

namespace virga::keys {

namespace {

constexpr const char* spread_job = "kms.spread";

// What a region of the set is told by another.
struct News {
    Key key;
    bool from_primary = false;
    std::vector<Material> materials;
};

Key new_replica(const News& news, const NewReplica& replica, TimeMs now) {
    Key made = news.key;
    made.description = made.policy = {};
    made.tags.clear();
    made.last_use = {};
    made.created = now;
    made.enabled = true;
    made.deletion_days = made.deletion_at = 0;
    for (const auto& [name, value] : replica.settings) {
        if (name == "Description") made.description = value.as_string();
        if (name == "Policy") made.policy = value.as_string();
        if (name == "Tags")
            for (const auto& [key, text] : value.as_object()) made.tags[key] = text.as_string();
    }
    // A customer's material does not travel: it is imported in every region.
    made.lacks_material = made.origin == "EXTERNAL";
    if (made.lacks_material) made.current = 0;
    return made;
}

void tell(Partition& to, const News& news, const NewReplica* replica) {
    auto& keys = to.part<Keys>();
    auto tx = to.write();
    auto known = keys.find(tx.db(), news.key.id);
    if (!known && !replica) return;
    Key key = known ? *known : new_replica(news, *replica, to.world().clock.now());
    if (!known || key.multi_region->version < news.key.multi_region->version) key.multi_region = news.key.multi_region;
    if (news.from_primary && key.origin != "EXTERNAL") {
        key.rotation_days = news.key.rotation_days;
        key.next_rotation = news.key.next_rotation;
        key.on_demand_rotations = news.key.on_demand_rotations;
        for (const Material& m : news.materials)
            if (!known || m.number > key.current) keys.save_material(tx.db(), key.id, m);
        key.current = std::max(key.current, news.key.current);
    }
    keys.save(tx, key);
    tx.commit();
}

// A replica goes: the primary has one less, and its own time begins when it waited for the last.
void leave_set(Partition& partition, const Key& key) {
    auto primary = partition.world().partition({partition.account(), key.multi_region->primary});
    auto& keys = primary->part<Keys>();
    {
        auto tx = primary->write();
        auto found = keys.find(tx.db(), key.id);
        if (!found) return;
        auto& regions = found->multi_region->regions;
        if (std::erase(regions, partition.region()) == 0) return;  // done before
        ++found->multi_region->version;
        if (found->deletion_days > 0 && regions.empty()) found->deletion_at = partition.world().clock.now() + found->deletion_days * limits::day_ms;
        keys.save(tx, *found);
        spread_later(tx, key.id);
        tx.commit();
    }
    spread(*primary, key.id);
}

void expire(Keys& keys, Database& db, Key& key, TimeMs now) {
    for (Material& m : keys.materials(db, key.id)) {
        if (m.expires == 0 || m.expires > now) continue;
        m.secret.clear();
        m.expires = 0;
        keys.save_material(db, key.id, m);
        if (m.number <= key.current) key.lacks_material = true;
    }
}

// True when there is new material.
bool rotate(Keys& keys, Transaction& tx, Key& key, const Job& job, TimeMs now) {
    bool rotated = false;
    Partition& partition = tx.partition();
    while (rotates_itself(key, partition.region()) && key.next_rotation <= now) {
        Random random = partition.world().random.derive(job.trace.parent, key.id + std::to_string(key.current));
        Chance chance(partition.world().random.seeded() ? &random : nullptr);
        add_current_material(keys, tx, key, make_material(*find_spec(key.spec)), "AUTOMATIC", key.next_rotation);
        key.next_rotation += key.rotation_days * limits::day_ms;
        rotated = true;
    }
    return rotated;
}

Task<JobOutcome> tend(std::shared_ptr<Partition> partition, Job job) {
    auto& keys = partition->part<Keys>();
    TimeMs now = partition->world().clock.now();
    std::optional<Key> key;
    {
        auto reading = partition->read();
        key = keys.find(reading.db(), job.payload);
    }
    if (!key) co_return JobOutcome::finished();
    auto goes = [now](const Key& k) { return k.deletion_at > 0 && k.deletion_at <= now; };
    if (goes(*key) && key->multi_region && !key->is_primary_in(partition->region())) leave_set(*partition, *key);

    bool rotated = false;
    {
        auto tx = partition->write();
        key = keys.find(tx.db(), job.payload);
        if (!key) co_return JobOutcome::finished();
        if (goes(*key)) {
            keys.remove(tx.db(), key->id);
        } else {
            expire(keys, tx.db(), *key, now);
            rotated = rotate(keys, tx, *key, job, now);
            keys.save(tx, *key);
            if (rotated && key->multi_region) spread_later(tx, key->id);
        }
        tx.commit();
    }
    if (rotated && key->multi_region) spread(*partition, key->id);
    co_return JobOutcome::finished();
}

}  // namespace

void spread(Partition& from, const std::string& id, const std::optional<NewReplica>& replica) {
    auto& keys = from.part<Keys>();
    News news;
    {
        auto reading = from.read();
        auto key = keys.find(reading.db(), id);
        if (!key || !key->multi_region) return;
        news.key = std::move(*key);
        news.from_primary = news.key.is_primary_in(from.region());
        if (news.from_primary) news.materials = keys.materials(reading.db(), id);
    }
    std::vector<std::string> regions = news.key.multi_region->regions;
    regions.push_back(news.key.multi_region->primary);
    for (const auto& region : regions) {
        if (region == from.region()) continue;
        auto to = from.world().partition({from.account(), region});
        tell(*to, news, replica && replica->region == region ? &*replica : nullptr);
    }
}

void spread_later(Transaction& tx, const std::string& key, const std::optional<NewReplica>& replica, TraceContext trace) {
    Value payload = Object{{"key", key}};
    if (replica) {
        payload["region"] = replica->region;
        payload["settings"] = replica->settings;
    }
    NewJob job{spread_job, key, json::write(payload)};
    job.lane = key;
    job.trace = std::move(trace);
    tx.enqueue(std::move(job));
}

void register_jobs(World& world) {
    world.job_kinds.on(tend_job, tend);
    world.job_kinds.on(spread_job, [](std::shared_ptr<Partition> partition, Job job) -> Task<JobOutcome> {
        Value payload = json::parse(job.payload);
        std::optional<NewReplica> replica;
        if (payload.has("region")) replica = NewReplica{std::string(payload.text("region")), payload.object("settings")};
        spread(*partition, std::string(payload.text("key")), replica);
        co_return JobOutcome::finished();
    });
}

}  // namespace virga::keys
