// The errors of backups, exports, imports and global tables.
#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"

namespace virga::dynamodb::errors {

ApiError invalid_backup_arn() { return validation("Invalid BackupArn"); }
ApiError table_not_ready_for_backup(std::string_view table) { return ApiError("TableInUseException", 400, fmt::format("Table is being created: {}", table)); }
ApiError reversed_time_range() { return validation("TimeRangeLowerBound must be less than TimeRangeUpperBound"); }
ApiError recovery_period_of_disabled() { return validation("RecoveryPeriodInDays can only be specified when PointInTimeRecoveryEnabled is true"); }
ApiError backups_not_ready(std::string_view table) {
    return ApiError("ContinuousBackupsUnavailableException", 400, fmt::format("Backups are being enabled for the table: {}. Please retry later", table));
}
ApiError unknown_restored_index(std::string_view index) {
    return invalid_parameter(fmt::format("Index {} does not match an index of the table that is restored", index));
}
ApiError restore_source_required() { return validation("Either SourceTableName or SourceTableArn must be provided"); }
ApiError restore_time_required() { return validation("Either UseLatestRestorableTime or RestoreDateTime must be specified, but not both"); }

ApiError export_start_required() { return validation("ExportFromTime must be specified for an incremental export"); }
ApiError export_time_of_incremental() { return validation("ExportTime cannot be specified for an incremental export"); }
ApiError export_period_of_full() { return validation("IncrementalExportSpecification can only be specified for an incremental export"); }
ApiError failed_s3_call(const ApiError& e) {
    return ApiError("S3" + e.code, e.status, fmt::format("{} (Service: Amazon S3; Status Code: {}; Error Code: {})", e.message, e.status, e.code));
}
ApiError table_gone_while(std::string_view what) { return ApiError("TableDeleted", 400, fmt::format("The table was deleted while it was {}", what)); }
ApiError no_import_objects() { return ApiError("ItemValidationError", 400, "No objects were found under the given prefix"); }
ApiError invalid_compression(std::string_view key, std::string_view why) { return ApiError("InvalidCompression", 400, fmt::format("{}: {}", key, why)); }
ApiError items_not_imported() {
    return ApiError("ItemValidationError", 400,
                    "Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more details.");
}
ApiError options_without_csv() { return validation("InputFormatOptions can only be specified when InputFormat is CSV"); }
ApiError invalid_delimiter() { return validation("Delimiter must be one of , ; : | tab or space"); }

ApiError replica_update_not_found(std::string_view region) {
    return validation(fmt::format("Replica specified in the Replica Update or Replica Delete action of the request was not found. Region: {}", region));
}
ApiError invalid_region(std::string_view region) { return validation(fmt::format("Invalid region: {}", region)); }
ApiError replica_of_this_region() {
    return validation("Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.");
}
ApiError replica_is_there(std::string_view table) {
    return validation(fmt::format("Failed to create a the new replica of table with name: '{}' because one or more replicas already existed as tables.", table));
}
ApiError replica_without_images() {
    return invalid_parameter("Table must have streams enabled with StreamViewType NEW_AND_OLD_IMAGES to create a replica");
}
ApiError several_replica_updates() {
    return validation("Multiple ReplicaUpdates are not supported: only one replica can be created, updated or deleted in a request");
}
ApiError replica_update_actions() { return validation("One, and only one, of Create, Update or Delete must be specified in a replica update"); }
ApiError consistency_without_replicas() { return validation("MultiRegionConsistency can only be specified when creating replicas"); }
ApiError consistency_is_kept() { return validation("The consistency mode of a global table cannot be changed"); }
ApiError strong_table_of_other_regions() {
    return validation("A global table with multi-Region strong consistency must be created with exactly two replicas in other Regions");
}
ApiError strong_table_with_items() { return validation("Multi-Region strong consistency can only be chosen for a table that contains no data"); }
ApiError not_with_strong_consistency(std::string_view what) {
    return validation(fmt::format("{} not supported for global tables with multi-Region strong consistency", what));
}
ApiError no_images_in_region(std::string_view table, std::string_view region) {
    return validation(fmt::format("Table '{}' must have streams enabled with StreamViewType NEW_AND_OLD_IMAGES in region '{}'", table, region));
}
ApiError replication_group_required() { return validation("The parameter 'ReplicationGroup' must name at least one region"); }
ApiError global_table_exists(std::string_view name) {
    return ApiError("GlobalTableAlreadyExistsException", 400, fmt::format("Global table already exists: Global table with name: '{}' already exists.", name));
}
ApiError index_of_settings_not_found(std::string_view index) { return ApiError("IndexNotFoundException", 400, fmt::format("Index not found: {}", index)); }

}  // namespace virga::dynamodb::errors
