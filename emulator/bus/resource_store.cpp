#include "emulator/bus/resource_store.hpp"

#include "emulator/base/json.hpp"
#include "emulator/bus/limits.hpp"

namespace virga::bus {

namespace {

constexpr const char* schema =
    "CREATE TABLE event_resource(kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;";

}  // namespace

Resources::Resources(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("event_resource", {schema});
    Query q = db.query("SELECT kind, name, document FROM event_resource");
    while (q.next()) all_[{q.string(0), q.string(1)}] = json::parse(q.text(2));
    if (auto it = all_.find({kind::setting, "settings"}); it != all_.end()) aws_sources_ = it->second.flag("allow_aws_sources");
}

Value Resources::find(const char* kind, std::string_view name) const {
    std::lock_guard lock(mutex_);
    auto it = all_.find({std::string(kind), std::string(name)});
    return it == all_.end() ? Value() : it->second;
}

std::vector<Resource> Resources::list(const char* kind) const {
    std::lock_guard lock(mutex_);
    std::vector<Resource> out;
    for (auto it = all_.lower_bound({std::string(kind), std::string()}); it != all_.end() && it->first.first == kind; ++it)
        out.push_back({it->first.second, it->second});
    return out;
}

std::size_t Resources::count(const char* kind) const {
    std::lock_guard lock(mutex_);
    auto it = all_.lower_bound({std::string(kind), std::string()}), begin = it;
    while (it != all_.end() && it->first.first == kind) ++it;
    return static_cast<std::size_t>(std::distance(begin, it));
}

void Resources::save(const char* kind, const std::string& name, const Value& document) {
    auto tx = partition_.write();
    tx.db().run("INSERT OR REPLACE INTO event_resource(kind, name, document) VALUES(?,?,?)", kind, name, json::write(document));
    tx.commit();
    std::lock_guard lock(mutex_);
    all_[{kind, name}] = document;
    if (kind == std::string_view(kind::setting)) aws_sources_ = document.flag("allow_aws_sources");
}

void Resources::remove(const char* kind, const std::string& name) {
    auto tx = partition_.write();
    tx.db().run("DELETE FROM event_resource WHERE kind=? AND name=?", kind, name);
    tx.commit();
    std::lock_guard lock(mutex_);
    all_.erase({kind, name});
}

std::int64_t rules_per_bus(const Resources& resources) {
    return resources.find(kind::setting, "settings").integer("rules_per_bus", static_cast<std::int64_t>(limits::rules_per_bus));
}

bool Resources::allows_aws_sources() const { return aws_sources_.load(std::memory_order_relaxed); }

}  // namespace virga::bus
