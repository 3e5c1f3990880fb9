// Backups: a table's definition and its items, as they were at one instant.
//
// The items of a backup lie beside those of tables, under the backup's id: making one, restoring from it and deleting it are one
// statement each.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/table/store.hpp"

namespace virga::table {

struct Backup {
    std::int64_t id = 0;
    std::string arn, name, type;  // USER or SYSTEM
    TimeMs created = 0;
    TimeMs ready_at = 0;  // CREATING until then
    TimeMs expires = 0;   // 0 = never
    std::int64_t items = 0, bytes = 0;
    Table table;
};

// Copies definition and items of a table. `backup` brings arn, name, type and times; the rest is filled in.
void take_backup(WriteScope& scope, const Table& table, Backup& backup);
// Expired backups are gone.
std::optional<Backup> find_backup(Database& db, std::string_view arn, TimeMs now);
void delete_backup(WriteScope& scope, const Backup& backup);

struct BackupFilter {
    std::string table;         // empty = all
    std::string type = "ALL";  // or USER, SYSTEM, AWS_BACKUP
    TimeMs from = 0, before = INT64_MAX;
    std::string after;         // exclusive start ARN
    std::size_t limit = 100;
};
// In the order of their ARNs, which within a table is that of creation.
std::vector<Backup> list_backups(Database& db, const BackupFilter& filter, TimeMs now);

// Fills a new, saved table from a backup, and its indexes.
void restore_items(WriteScope& scope, const Table& table, const Backup& backup);
// Fills a new, saved table from another as that was at the end of `instant`, and its indexes.
void restore_items(WriteScope& scope, const Table& table, const Table& source, TimeMs instant);

}  // namespace virga::table
