// The tables of one partition: their definitions, and the caches that make access to items cheap.
//
// All methods that take a Database are called with the partition's lock held.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "emulator/table/expression.hpp"
#include "emulator/table/limits.hpp"
#include "emulator/table/recent_items.hpp"
#include "emulator/table/schema.hpp"
#include "emulator/world/partition.hpp"

namespace virga::table {

struct Counts {
    std::int64_t items = 0, bytes = 0;
};

class TableStore : public Part {
public:
    TableStore(Partition& partition, Database& db);

    ExpressionCache expressions;
    RecentItems recent_items;
    Partition& partition;

    // Null when there is no such table.
    TablePtr find(Database& db, std::string_view name);
    TablePtr find_by_id(Database& db, std::int64_t id);
    // All names, sorted.
    std::vector<std::string> names(Database& db);

    // Writes a definition.
    void save(Database& db, Table table);
    // Removes a table with all its items and index entries.
    void drop(Database& db, const Table& table);
    std::int64_t new_id(Database& db);

    // Live numbers of a table or index, kept up to date by the writers. They are stored when the store closes, and removed again by the
    // first write after that: so they are true after a kill too, when they are there. Otherwise all is counted once.
    Counts counts(Database& db, const Table& table);
    Counts index_counts(Database& db, const Index& index);
    void count(Database& db, std::int64_t table_or_index, std::int64_t items, std::int64_t bytes);
    // To be counted again: after items were written past write_item.
    void forget_counts(Database& db, const Table& table);
    void close() override;

    // Next number of the change records; never the same twice, also after a restart.
    std::int64_t next_sequence() { return next_sequence_++; }
    std::int64_t peek_sequence() const { return next_sequence_; }
    // The instant in microseconds, made later than any it gave before.
    std::int64_t next_micros(TimeMs now) { return last_micros_ = std::max(now * 1000, last_micros_ + 1); }

    // Bytes that an item collection may have; smaller ones serve tests, and are kept. See collections.hpp.
    std::int64_t collection_limit() const { return collection_limit_; }
    void set_collection_limit(Database& db, std::int64_t bytes);

    // The instant for which an expiry job of the table is waiting (0 = none).
    std::unordered_map<std::int64_t, TimeMs> expiry_due;
    // When the history of a table was last trimmed.
    std::unordered_map<std::int64_t, TimeMs> history_trimmed;

private:
    friend class WriteScope;
    void refresh(Database& db) {
        if (stale_) load(db);
    }
    void load(Database& db);
    Counts counted(Database& db, std::int64_t table_or_index, std::string_view sql);
    void unstore_counts(Database& db, std::int64_t table_or_index);
    // Tables and indexes whose counts are known and not stored.
    std::vector<std::int64_t> unstored_counts() const;

    bool stale_ = true;   // read everything again before the next use
    bool dirty_ = false;  // the open transaction changed what is cached

    std::map<std::string, TablePtr, std::less<>> by_name_;
    std::unordered_map<std::int64_t, TablePtr> by_id_;
    std::unordered_map<std::int64_t, Counts> counts_;
    std::unordered_set<std::int64_t> stored_counts_;  // those with a row
    std::int64_t next_sequence_ = 1;
    std::int64_t last_micros_ = 0;
    std::int64_t collection_limit_ = limits::collection_bytes;
};

// A reading of the partition by who needs the store: which must be there before the lock is taken.
class ReadScope {
public:
    explicit ReadScope(TableStore& store_) : store(store_), reading_(store_.partition.read()) {}
    Database& db() { return reading_.db(); }

    TableStore& store;

private:
    Reading reading_;
};

// A write transaction that keeps the store's caches true: when it ends without commit, they are read again.
class WriteScope {
public:
    explicit WriteScope(TableStore& store_) : store(store_), tx(store_.partition.write()) {}
    ~WriteScope() {
        if (committed_) return;  // the lock is another's by now
        if (store.dirty_) store.stale_ = true;
        store.dirty_ = false;
    }
    WriteScope(const WriteScope&) = delete;
    Database& db() { return tx.db(); }
    void commit() {
        const bool dirty = std::exchange(store.dirty_, false);
        try {
            tx.commit();
        } catch (...) {
            store.dirty_ = dirty;
            throw;
        }
        committed_ = true;
    }

    TableStore& store;
    Transaction tx;

private:
    bool committed_ = false;
};

}  // namespace virga::table
