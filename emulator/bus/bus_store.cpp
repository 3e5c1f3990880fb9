#include "emulator/bus/bus_store.hpp"

#include "emulator/base/json.hpp"
#include "emulator/bus/schedule.hpp"
#include "emulator/world/world.hpp"

namespace virga::bus {

namespace {

constexpr const char* schema = R"(
    CREATE TABLE event_bus(
        name TEXT PRIMARY KEY, description TEXT NOT NULL, kms_key TEXT NOT NULL, policy TEXT NOT NULL, dead_letter TEXT NOT NULL,
        log_config TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL);
    CREATE TABLE event_rule(
        id INTEGER PRIMARY KEY AUTOINCREMENT, bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT NOT NULL, schedule TEXT NOT NULL, state TEXT NOT NULL,
        description TEXT NOT NULL, role TEXT NOT NULL, created_by TEXT NOT NULL, managed_by TEXT NOT NULL, next_fire INTEGER, UNIQUE(bus, name));
    CREATE TABLE event_target(rule INTEGER NOT NULL, position INTEGER NOT NULL, config TEXT NOT NULL, PRIMARY KEY(rule, position)) WITHOUT ROWID;
    CREATE TABLE event_tag(arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(arn, key)) WITHOUT ROWID;
)";

void write_tags(Database& db, const std::string& arn, const Tags& tags) {
    db.run("DELETE FROM event_tag WHERE arn=?", arn);
    for (const auto& [key, value] : tags) db.run("INSERT INTO event_tag(arn, key, value) VALUES(?,?,?)", arn, key, value);
}

}  // namespace

// A bus with what matching needs. `matcher` has locks of its own; the rest is under Buses::mutex_.
struct Buses::Live {
    BusInfo info;
    std::map<std::string, RulePtr, std::less<>> rules;
    RuleMatcher matcher;

    void set(const RulePtr& rule) {
        if (rule->enabled() && rule->compiled) matcher.put(rule->id, *rule->compiled);
        else matcher.remove(rule->id);
        rules[rule->name] = rule;
    }
};

Buses::Buses(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("bus", {schema});
    TimeMs now = partition.world().clock.now();
    db.run("INSERT OR IGNORE INTO event_bus(name, description, kms_key, policy, dead_letter, log_config, created, modified) "
           "VALUES('default','','','','null','null',?,?)",
           now, now);
    load(db);
}

Buses::~Buses() = default;

void Buses::load(Database& db) {
    {
        Query q = db.query("SELECT name, description, kms_key, policy, dead_letter, log_config, created, modified FROM event_bus");
        while (q.next()) {
            auto bus = std::make_shared<Live>();
            bus->info = {q.string(0), q.string(1), q.string(2), q.string(3), json::parse(q.text(4)), json::parse(q.text(5)), q.integer(6), q.integer(7)};
            buses_.emplace(bus->info.name, bus);
        }
    }
    std::map<RuleId, std::vector<Value>> targets;
    {
        Query q = db.query("SELECT rule, config FROM event_target ORDER BY rule, position");
        while (q.next()) targets[static_cast<RuleId>(q.integer(0))].push_back(json::parse(q.text(1)));
    }
    Query q = db.query("SELECT id, bus, name, pattern, schedule, state, description, role, created_by, managed_by FROM event_rule");
    while (q.next()) {
        Rule r;
        r.id = static_cast<RuleId>(q.integer(0));
        r.bus = q.string(1);
        r.name = q.string(2);
        r.arn = rule_arn(r.bus, r.name);
        r.pattern = q.string(3);
        r.schedule = q.string(4);
        r.state = q.string(5);
        r.description = q.string(6);
        r.role = q.string(7);
        r.created_by = q.string(8);
        r.managed_by = q.string(9);
        r.targets = std::move(targets[r.id]);
        if (!r.pattern.empty()) r.compiled = Pattern::compile(r.pattern);
        auto rule = std::make_shared<const Rule>(std::move(r));
        rules_[rule->id] = rule;
        if (auto bus = buses_.find(rule->bus); bus != buses_.end()) bus->second->set(rule);
    }
}

std::string Buses::bus_arn(std::string_view name) const { return partition_.arn("events", "event-bus/" + std::string(name)); }

std::string Buses::rule_arn(std::string_view bus, std::string_view name) const {
    return partition_.arn("events", bus == "default" ? "rule/" + std::string(name) : "rule/" + std::string(bus) + "/" + std::string(name));
}

std::shared_ptr<Buses::Live> Buses::live(std::string_view name) const {
    std::shared_lock lock(mutex_);
    auto it = buses_.find(name);
    return it == buses_.end() ? nullptr : it->second;
}

// ---- buses ----

std::optional<BusInfo> Buses::find_bus(std::string_view name) const {
    std::shared_lock lock(mutex_);
    auto it = buses_.find(name);
    if (it == buses_.end()) return {};
    return it->second->info;
}

std::vector<BusInfo> Buses::list_buses() const {
    std::shared_lock lock(mutex_);
    std::vector<BusInfo> out;
    for (const auto& [name, bus] : buses_) out.push_back(bus->info);
    return out;
}

void Buses::save_bus(BusInfo info, const std::optional<Tags>& tags) {
    auto tx = partition_.write();
    tx.db().run("INSERT OR REPLACE INTO event_bus(name, description, kms_key, policy, dead_letter, log_config, created, modified) VALUES(?,?,?,?,?,?,?,?)", info.name,
                info.description, info.kms_key, info.policy, json::write(info.dead_letter), json::write(info.log_config), info.created, info.modified);
    if (tags) write_tags(tx.db(), bus_arn(info.name), *tags);
    tx.commit();
    std::unique_lock lock(mutex_);
    auto& bus = buses_[info.name];
    if (!bus) bus = std::make_shared<Live>();
    bus->info = std::move(info);
}

void Buses::delete_bus(const std::string& name) {
    auto rules = list_rules(name);
    auto tx = partition_.write();
    for (const auto& rule : rules) {
        tx.db().run("DELETE FROM event_target WHERE rule=?", rule->id);
        tx.db().run("DELETE FROM event_tag WHERE arn=?", rule->arn);
    }
    tx.db().run("DELETE FROM event_rule WHERE bus=?", name);
    tx.db().run("DELETE FROM event_tag WHERE arn=?", bus_arn(name));
    tx.db().run("DELETE FROM event_bus WHERE name=?", name);
    tx.commit();
    std::unique_lock lock(mutex_);
    buses_.erase(name);
    for (const auto& rule : rules) rules_.erase(rule->id);
}

// ---- rules ----

RulePtr Buses::find_rule(std::string_view bus, std::string_view name) const {
    std::shared_lock lock(mutex_);
    auto b = buses_.find(bus);
    if (b == buses_.end()) return nullptr;
    auto it = b->second->rules.find(name);
    return it == b->second->rules.end() ? nullptr : it->second;
}

RulePtr Buses::find_rule(RuleId id) const {
    std::shared_lock lock(mutex_);
    auto it = rules_.find(id);
    return it == rules_.end() ? nullptr : it->second;
}

std::vector<RulePtr> Buses::list_rules(std::string_view bus) const {
    std::shared_lock lock(mutex_);
    std::vector<RulePtr> out;
    if (auto b = buses_.find(bus); b != buses_.end())
        for (const auto& [name, rule] : b->second->rules) out.push_back(rule);
    return out;
}

std::size_t Buses::count_rules(std::string_view bus) const {
    std::shared_lock lock(mutex_);
    auto b = buses_.find(bus);
    return b == buses_.end() ? 0 : b->second->rules.size();
}

void Buses::save_rule(Rule rule, const std::optional<Tags>& tags) {
    RulePtr before = find_rule(rule.bus, rule.name);
    rule.arn = rule_arn(rule.bus, rule.name);
    if (!rule.pattern.empty() && !rule.compiled) rule.compiled = Pattern::compile(rule.pattern);
    std::optional<TimeMs> fires;
    if (!rule.schedule.empty() && rule.enabled()) fires = Schedule::parse(rule.schedule)->next(partition_.world().clock.now());
    bool reschedule = !before || before->schedule != rule.schedule || before->enabled() != rule.enabled();

    auto tx = partition_.write();
    if (before) {
        rule.id = before->id;
        tx.db().run("UPDATE event_rule SET pattern=?, schedule=?, state=?, description=?, role=?, managed_by=? WHERE id=?", rule.pattern, rule.schedule, rule.state,
                    rule.description, rule.role, rule.managed_by, rule.id);
    } else {
        tx.db().run("INSERT INTO event_rule(bus, name, pattern, schedule, state, description, role, created_by, managed_by) VALUES(?,?,?,?,?,?,?,?,?)", rule.bus,
                    rule.name, rule.pattern, rule.schedule, rule.state, rule.description, rule.role, rule.created_by, rule.managed_by);
        rule.id = static_cast<RuleId>(tx.db().last_insert_id());
    }
    tx.db().run("DELETE FROM event_target WHERE rule=?", rule.id);
    for (std::size_t i = 0; i < rule.targets.size(); ++i)
        tx.db().run("INSERT INTO event_target(rule, position, config) VALUES(?,?,?)", rule.id, i, json::write(rule.targets[i]));
    if (tags) write_tags(tx.db(), rule.arn, *tags);
    if (reschedule) {
        set_next_fire(tx, rule.id, fires);
        if (fires) {
            NewJob job;
            job.kind = schedule_job;
            job.resource = rule.arn;
            job.payload = std::to_string(rule.id);
            job.key = job.payload;
            job.due = *fires;
            tx.enqueue(std::move(job));
        }
    }
    tx.commit();

    auto saved = std::make_shared<const Rule>(std::move(rule));
    std::unique_lock lock(mutex_);
    rules_[saved->id] = saved;
    if (auto bus = buses_.find(saved->bus); bus != buses_.end()) bus->second->set(saved);
}

void Buses::delete_rule(const Rule& rule) {
    auto tx = partition_.write();
    tx.db().run("DELETE FROM event_target WHERE rule=?", rule.id);
    tx.db().run("DELETE FROM event_rule WHERE id=?", rule.id);
    tx.db().run("DELETE FROM event_tag WHERE arn=?", rule.arn);
    tx.commit();
    std::unique_lock lock(mutex_);
    rules_.erase(rule.id);
    if (auto bus = buses_.find(rule.bus); bus != buses_.end()) {
        bus->second->matcher.remove(rule.id);
        bus->second->rules.erase(rule.name);
    }
}

void Buses::match(std::string_view name, std::string_view envelope, std::vector<RulePtr>& out) const {
    auto bus = live(name);
    if (!bus) return;
    std::vector<RuleId> ids;
    bus->matcher.match(envelope, ids);
    if (ids.empty()) return;
    std::shared_lock lock(mutex_);
    for (auto id : ids)
        if (auto it = rules_.find(id); it != rules_.end()) out.push_back(it->second);
}

std::optional<TimeMs> Buses::next_fire(Transaction& tx, RuleId id) const {
    Query q = tx.db().query("SELECT next_fire FROM event_rule WHERE id=?", id);
    if (!q.next() || q.is_null(0)) return {};
    return q.integer(0);
}

void Buses::set_next_fire(Transaction& tx, RuleId id, std::optional<TimeMs> at) const {
    tx.db().run("UPDATE event_rule SET next_fire=? WHERE id=?", at, id);
}

// ---- tags ----

Tags Buses::tags(const std::string& arn) const {
    auto r = partition_.read();
    Tags out;
    Query q = r.db().query("SELECT key, value FROM event_tag WHERE arn=?", arn);
    while (q.next()) out[q.string(0)] = q.string(1);
    return out;
}

void Buses::set_tags(const std::string& arn, const Tags& tags) {
    auto tx = partition_.write();
    write_tags(tx.db(), arn, tags);
    tx.commit();
}

}  // namespace virga::bus
