#include "emulator/bus/recorded_deliveries.hpp"

#include "emulator/base/time_format.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/world/world.hpp"

namespace virga::bus {

RecordedDeliveries::RecordedDeliveries(Partition& partition, Database& db) : partition_(partition) {
    db.migrate("event_recorded",
               {"CREATE TABLE event_recorded(id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, target TEXT NOT NULL, input TEXT NOT NULL, at INTEGER NOT NULL);"});
}

void RecordedDeliveries::add(const std::string& rule_arn, const std::string& target_arn, const std::string& input) {
    auto tx = partition_.write();
    tx.db().run("INSERT INTO event_recorded(rule, target, input, at) VALUES(?,?,?,?)", rule_arn, target_arn, input, partition_.world().clock.now());
    tx.db().run("DELETE FROM event_recorded WHERE id <= ?", tx.db().last_insert_id() - static_cast<std::int64_t>(limits::recorded_deliveries));
    tx.commit();
}

Array RecordedDeliveries::list() const {
    auto r = partition_.read();
    Array out;
    Query q = r.db().query("SELECT rule, target, input, at FROM event_recorded ORDER BY id");
    while (q.next()) out.push_back(Object{{"rule", q.string(0)}, {"target", q.string(1)}, {"input", q.string(2)}, {"time", iso8601(q.integer(3), true)}});
    return out;
}

}  // namespace virga::bus
