#include "emulator/world/database.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace virga {

Query::Query(Query&& other) noexcept
    : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)), busy_(other.busy_) {}

Query::~Query() {
    if (!statement_) return;
    if (!busy_) {
        sqlite3_finalize(statement_);
        return;
    }
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    *busy_ = false;
}

bool Query::next() {
    int rc = sqlite3_step(statement_);
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    db_->fail(sqlite3_sql(statement_));
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Query::text(int column) const {
    auto* p = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return p ? std::string_view(p, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string_view();
}

std::string_view Query::blob(int column) const {
    auto* p = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return p ? std::string_view(p, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string_view();
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

namespace {

// Once, before the library is used. It would count its memory under one lock for all connections, at each allocation.
void configure() {
    static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)done;
}

}  // namespace

Database::Database(const std::string& path, Durability durability) {
    configure();
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(path.empty() ? ":memory:" : path.c_str(), &db_, flags, nullptr);
    if (rc != SQLITE_OK) {
        std::string why = db_ ? sqlite3_errmsg(db_) : "out of memory";
        sqlite3_close(db_);
        throw DatabaseError("cannot open " + path + ": " + why, rc);
    }
    sqlite3_extended_result_codes(db_, 0);
    try {
        if (path.empty()) {
            script("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;");
        } else {
            // WAL with synchronous=OFF keeps a commit through the end of the process (the pages are in the page cache);
            // FULL syncs the log at each commit and keeps it through a power cut.
            script("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=2000;");
            script(durability == Durability::power ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=OFF;");
        }
        script("PRAGMA cache_size=-32768;");
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

Database::~Database() {
    for (auto& [sql, entry] : statements_) sqlite3_finalize(entry->statement);
    sqlite3_close_v2(db_);
}

Database::Prepared* Database::kept(std::string_view sql) {
    auto& recent = recent_[(reinterpret_cast<std::uintptr_t>(sql.data()) * 0x9E3779B97F4A7C15ull) >> 56];
    if (recent && recent->sql == sql) return recent;
    auto it = statements_.find(sql);
    if (it == statements_.end()) return nullptr;
    return recent = it->second.get();
}

Query Database::prepare(std::string_view sql) {
    Prepared* known = kept(sql);
    if (known && !known->busy) {
        known->busy = true;
        return Query(*this, known->statement, &known->busy);
    }
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), known ? 0 : SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        fail(std::string(sql));
    if (known) return Query(*this, statement, nullptr);  // the same statement is running: a second one for this time
    auto entry = std::make_unique<Prepared>(Prepared{std::string(sql), statement, true});
    Prepared& added = *entry;
    statements_.emplace(added.sql, std::move(entry));
    return Query(*this, statement, &added.busy);
}

void Database::bind(sqlite3_stmt* s, int i, std::int64_t v, Lifetime) { sqlite3_bind_int64(s, i, v); }
void Database::bind(sqlite3_stmt* s, int i, double v, Lifetime) { sqlite3_bind_double(s, i, v); }
void Database::bind(sqlite3_stmt* s, int i, std::nullptr_t, Lifetime) { sqlite3_bind_null(s, i); }
void Database::bind(sqlite3_stmt* s, int i, std::string_view v, Lifetime lifetime) {
    sqlite3_bind_text64(s, i, v.data() ? v.data() : "", v.size(), lifetime == Lifetime::query ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
}
void Database::bind(sqlite3_stmt* s, int i, Blob v, Lifetime lifetime) {
    sqlite3_bind_blob64(s, i, v.data.data() ? v.data.data() : "", v.data.size(), lifetime == Lifetime::query ? SQLITE_STATIC : SQLITE_TRANSIENT);
}

void Database::script(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(db_); }
int Database::changes() const { return sqlite3_changes(db_); }
bool Database::in_transaction() const { return !sqlite3_get_autocommit(db_); }

void Database::migrate(const std::string& component, const std::vector<const char*>& migrations) {
    run("CREATE TABLE IF NOT EXISTS schema_version(component TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID");
    std::int64_t version = 0;
    {
        Query q = query("SELECT version FROM schema_version WHERE component=?", component);
        if (q.next()) version = q.integer(0);
    }
    auto newest = static_cast<std::int64_t>(migrations.size());
    if (version > newest)
        throw SchemaTooNew("the data was written by a newer virga (" + component + " has schema version " + std::to_string(version) +
                           ", this virga knows " + std::to_string(newest) + ")");
    for (std::int64_t v = version; v < newest; ++v) script(migrations[static_cast<std::size_t>(v)]);
    if (version != newest) run("INSERT OR REPLACE INTO schema_version(component, version) VALUES(?,?)", component, newest);
}

void Database::fail(const std::string& doing) const {
    throw DatabaseError(std::string(sqlite3_errmsg(db_)) + " (" + doing.substr(0, 200) + ")", sqlite3_errcode(db_) & 0xff);
}

}  // namespace virga
