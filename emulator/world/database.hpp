// SQLite, as virga uses it: prepared statements only, no ORM.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/base/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace virga {

// Binds as a BLOB (a std::string_view binds as TEXT).
struct Blob {
    std::string_view data;
};

// What a database file may promise once a commit was acknowledged.
enum class Durability { process, power };  // survives kill -9 / survives a power cut

// A running query: rows are read with next(). Resets its statement when destroyed. Columns are counted from 0; text and
// blob views are valid until the next call of next().
class Query {
public:
    Query(Query&& other) noexcept;
    Query(const Query&) = delete;
    ~Query();
    bool next();
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;
    std::string_view blob(int column) const;
    bool is_null(int column) const;
    std::string string(int column) const { return std::string(text(column)); }

private:
    friend class Database;
    // `busy`: the mark of a kept statement, taken off at the end; null for one that is finalized then.
    Query(class Database& db, sqlite3_stmt* statement, bool* busy) : db_(&db), statement_(statement), busy_(busy) {}
    class Database* db_;
    sqlite3_stmt* statement_;
    bool* busy_;
};

// One connection. Not thread-safe: used under its partition's lock. SQL texts must be string literals or otherwise few: each
// is prepared once and kept. Errors are thrown as DatabaseError.
class Database {
public:
    // Empty path = in memory.
    Database(const std::string& path, Durability durability);
    ~Database();
    Database(const Database&) = delete;

    // Starts a SELECT (or any statement that answers rows) with its parameters bound in order.
    template <class... Args>
    Query query(std::string_view sql, const Args&... args) {
        Query q = prepare(sql);
        int i = 0;
        (bind(q.statement_, ++i, args, Lifetime::call), ...);
        return q;
    }
    // The same for parameters that outlive the query: texts and blobs are read where they are.
    template <class... Args>
    Query query_in_place(std::string_view sql, const Args&... args) {
        Query q = prepare(sql);
        int i = 0;
        (bind(q.statement_, ++i, args, Lifetime::query), ...);
        return q;
    }
    // Runs a statement to its end; the number of rows it changed.
    template <class... Args>
    int run(std::string_view sql, const Args&... args) {
        Query q = prepare(sql);
        int i = 0;
        (bind(q.statement_, ++i, args, Lifetime::query), ...);
        while (q.next()) {
        }
        return changes();
    }
    // Runs several statements separated by ';' (schemas).
    void script(const std::string& sql);
    std::int64_t last_insert_id() const;
    int changes() const;
    bool in_transaction() const;

    // Brings the tables of `component` up to the newest version: migrations[v] leads from version v to v+1. Throws SchemaTooNew
    // when the file was written by a newer virga. Must run inside a transaction.
    void migrate(const std::string& component, const std::vector<const char*>& migrations);

private:
    friend class Query;
    // How long a parameter's bytes stay where they are: during the call that binds them (so they are copied), or as long as the query.
    enum class Lifetime : bool { call, query };
    Query prepare(std::string_view sql);
    void bind(sqlite3_stmt* s, int i, std::int64_t v, Lifetime = Lifetime::call);
    void bind(sqlite3_stmt* s, int i, int v, Lifetime = Lifetime::call) { bind(s, i, std::int64_t{v}); }
    void bind(sqlite3_stmt* s, int i, unsigned v, Lifetime = Lifetime::call) { bind(s, i, std::int64_t{v}); }
    void bind(sqlite3_stmt* s, int i, long long v, Lifetime = Lifetime::call) { bind(s, i, static_cast<std::int64_t>(v)); }
    void bind(sqlite3_stmt* s, int i, unsigned long v, Lifetime = Lifetime::call) { bind(s, i, static_cast<std::int64_t>(v)); }
    void bind(sqlite3_stmt* s, int i, bool v, Lifetime = Lifetime::call) { bind(s, i, std::int64_t{v}); }
    void bind(sqlite3_stmt* s, int i, double v, Lifetime = Lifetime::call);
    void bind(sqlite3_stmt* s, int i, std::string_view v, Lifetime lifetime);
    void bind(sqlite3_stmt* s, int i, const std::string& v, Lifetime lifetime) { bind(s, i, std::string_view(v), lifetime); }
    void bind(sqlite3_stmt* s, int i, const char* v, Lifetime lifetime) { bind(s, i, std::string_view(v), lifetime); }
    void bind(sqlite3_stmt* s, int i, Blob v, Lifetime lifetime);
    void bind(sqlite3_stmt* s, int i, std::nullptr_t, Lifetime = Lifetime::call);
    template <class T>
    void bind(sqlite3_stmt* s, int i, const std::optional<T>& v, Lifetime lifetime) {
        if (v) bind(s, i, *v, lifetime);
        else bind(s, i, nullptr);
    }
    [[noreturn]] void fail(const std::string& doing) const;

    struct Prepared {
        std::string sql;
        sqlite3_stmt* statement;
        bool busy;
    };
    Prepared* kept(std::string_view sql);

    sqlite3* db_ = nullptr;
    std::unordered_map<std::string_view, std::unique_ptr<Prepared>> statements_;  // by text
    // Where a literal's statement was found last: comparing texts is cheaper than hashing them.
    std::array<Prepared*, 256> recent_{};
};

struct DatabaseError : std::runtime_error {
    DatabaseError(const std::string& what, int code_) : std::runtime_error(what), code(code_) {}
    int code;  // SQLite's primary result code
};
struct SchemaTooNew : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace virga
