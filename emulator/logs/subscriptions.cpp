#include "emulator/logs/subscriptions.hpp"

namespace virga {

Subscriptions::Subscriptions(Partition&, Database& db) {
    db.migrate("log subscriptions", {R"(
create table log_subscription (
    group_id integer not null,
    name text not null,
    pattern text not null,
    destination text not null,
    role text not null,
    distribution text not null,
    created integer not null,
    primary key (group_id, name)
) without rowid;
)"});
}

std::vector<Subscription> Subscriptions::of(Database& db, const LogGroup& group) const {
    std::vector<Subscription> found;
    auto q = db.query("select name, pattern, destination, role, distribution, created from log_subscription where group_id = ? order by name", group.id);
    while (q.next()) found.push_back({q.string(0), q.string(1), q.string(2), q.string(3), q.string(4), q.integer(5)});
    return found;
}

void Subscriptions::put(Database& db, const LogGroup& group, const Subscription& s) {
    db.run("insert or replace into log_subscription (group_id, name, pattern, destination, role, distribution, created) values (?, ?, ?, ?, ?, ?, ?)", group.id, s.name,
           s.pattern, s.destination, s.role, s.distribution, s.created);
}

bool Subscriptions::remove(Database& db, const LogGroup& group, std::string_view name) {
    return db.run("delete from log_subscription where group_id = ? and name = ?", group.id, name) > 0;
}

void Subscriptions::remove_all(Database& db, const LogGroup& group) { db.run("delete from log_subscription where group_id = ?", group.id); }

}  // namespace virga
