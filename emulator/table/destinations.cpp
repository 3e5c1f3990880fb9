#include "emulator/table/destinations.hpp"

#include <optional>

#include <fmt/format.h>

namespace virga::table {

void forward_change(WriteScope& scope, const Table& table, ItemView before, ItemView after, const WriteCause& cause) {
    std::optional<Blob> old_image, new_image;
    if (before) old_image = Blob{before.bytes()};
    if (after) new_image = Blob{after.bytes()};
    const std::int64_t at = scope.store.next_micros(cause.now);
    for (const Destination& d : table.destinations) {
        if (!d.enabled) continue;
        scope.db().run("INSERT INTO ddb_destination_outbox(destination, at, expired, old, new, trace) VALUES(?,?,?,?,?,?)", d.id, at, cause.expired, old_image,
                       new_image, cause.trace.header());
        NewJob job;
        job.kind = forward_job;
        job.resource = table.arn;
        job.payload = fmt::format("{} {}", d.id, table.id);
        job.key = job.lane = fmt::format("table.forward:{}", d.id);
        job.trace = cause.trace;
        scope.tx.enqueue(std::move(job));
    }
}

std::vector<OutgoingChange> next_changes(Database& db, std::int64_t destination, std::size_t limit, std::size_t bytes) {
    std::vector<OutgoingChange> found;
    std::size_t size = 0;
    Query q = db.query("SELECT seq, at, expired, old, new, trace FROM ddb_destination_outbox WHERE destination=? ORDER BY seq LIMIT ?", destination, limit);
    while (q.next()) {
        size += q.blob(3).size() + q.blob(4).size();
        if (!found.empty() && size > bytes) break;
        found.push_back({q.integer(0), q.integer(1), q.integer(2) != 0, std::string(q.blob(3)), std::string(q.blob(4)), q.string(5)});
    }
    return found;
}

void sent_changes(WriteScope& scope, std::int64_t destination, std::int64_t seq) {
    scope.db().run("DELETE FROM ddb_destination_outbox WHERE destination=? AND seq<=?", destination, seq);
}

}  // namespace virga::table
