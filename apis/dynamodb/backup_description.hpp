// Backups as the API shows them.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/backups.hpp"

namespace virga::dynamodb {

// A backup to be taken now: ARN, name, type and times.
table::Backup new_backup(Context& ctx, const table::Table& table, std::string name, std::string type);

Object describe_backup_details(const table::Backup& backup, std::string_view status);
// BackupDescription: details, the source table, its features.
Object describe_backup(const table::Backup& backup, std::string_view status);
std::string_view backup_status(const table::Backup& backup, TimeMs now);

}  // namespace virga::dynamodb
