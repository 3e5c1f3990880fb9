#include "emulator/world/directory.hpp"

#include "emulator/world/partition.hpp"

namespace virga {

Directory::Directory(const std::string& path, Durability durability) {
    if (!path.empty()) open(path, durability);
}

void Directory::open(const std::string& path, Durability durability) {
    db_.emplace(path, durability);
    db_->script("BEGIN IMMEDIATE");
    db_->migrate("directory", {"CREATE TABLE name(kind TEXT, name TEXT, account TEXT NOT NULL, region TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID",
                               "CREATE TABLE clock(id INTEGER PRIMARY KEY CHECK(id = 0), offset INTEGER NOT NULL, frozen_at INTEGER)"});
    db_->script("COMMIT");
}

Database& Directory::db() {
    if (!db_) open("", Durability::process);
    return *db_;
}

bool Directory::claim(const std::string& kind, const std::string& name, const PartitionId& owner) {
    std::lock_guard lock(mutex_);
    return db().run("INSERT OR IGNORE INTO name(kind, name, account, region) VALUES(?,?,?,?)", kind, name, owner.account, owner.region) == 1;
}

void Directory::release(const std::string& kind, const std::string& name) {
    std::lock_guard lock(mutex_);
    db().run("DELETE FROM name WHERE kind=? AND name=?", kind, name);
}

std::optional<PartitionId> Directory::find(const std::string& kind, const std::string& name) {
    std::lock_guard lock(mutex_);
    Query q = db().query("SELECT account, region FROM name WHERE kind=? AND name=?", kind, name);
    if (!q.next()) return std::nullopt;
    return PartitionId{q.string(0), q.string(1)};
}

void Directory::forget(const std::string& account) {
    std::lock_guard lock(mutex_);
    if (account.empty()) db().run("DELETE FROM name");
    else db().run("DELETE FROM name WHERE account=?", account);
}

std::optional<ClockState> Directory::clock() {
    std::lock_guard lock(mutex_);
    Query q = db().query("SELECT offset, frozen_at FROM clock");
    if (!q.next()) return std::nullopt;
    ClockState state;
    state.offset = q.integer(0);
    if (!q.is_null(1)) state.frozen_at = q.integer(1);
    return state;
}

void Directory::keep_clock(const ClockState& state) {
    std::lock_guard lock(mutex_);
    if (state.frozen_at) db().run("INSERT OR REPLACE INTO clock(id, offset, frozen_at) VALUES(0,?,?)", state.offset, *state.frozen_at);
    else db().run("INSERT OR REPLACE INTO clock(id, offset, frozen_at) VALUES(0,?,NULL)", state.offset);
}

}  // namespace virga
