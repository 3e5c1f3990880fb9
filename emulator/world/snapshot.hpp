// Many small reads as one.
#pragma once
#include "emulator/world/database.hpp"

namespace virga {

// While it lives all queries see the same state of the file, and none of them begins and ends a read transaction of its own, which
// costs more than to find a row. For readers of many rows one by one, under the partition's lock; nothing may be written meanwhile.
// Inside a transaction it is nothing.
class Snapshot {
public:
    explicit Snapshot(Database& db) : db_(db), begun_(!db.in_transaction()) {
        if (begun_) db_.run("BEGIN");
    }
    ~Snapshot() {
        if (!begun_) return;
        try {
            db_.run("COMMIT");
        } catch (const DatabaseError&) {
            // What has written nothing has nothing to lose.
        }
    }
    Snapshot(const Snapshot&) = delete;

private:
    Database& db_;
    bool begun_;
};

}  // namespace virga
