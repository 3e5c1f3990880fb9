#include "emulator/stream/account.hpp"

#include "emulator/stream/limits.hpp"

namespace virga::stream {

TimeMs Commitment::earliest_end() const { return started.value_or(0) + limits::commitment_ms; }

Commitment read_commitment(Database& db) {
    auto q = db.query("select commitment_started, commitment_ended from stream_account");
    Commitment c;
    if (!q.next()) return c;
    if (!q.is_null(0)) c.started = q.integer(0);
    if (!q.is_null(1)) c.ended = q.integer(1);
    return c;
}

void write_commitment(Transaction& tx, const Commitment& c) { tx.db().run("update stream_account set commitment_started = ?, commitment_ended = ?", c.started, c.ended); }

}  // namespace virga::stream
