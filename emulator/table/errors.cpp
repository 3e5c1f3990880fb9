#include "emulator/table/errors.hpp"

#include <fmt/format.h>

namespace virga::table::errors {

ApiError validation(std::string message) { return ApiError("ValidationException", 400, std::move(message)); }
ApiError invalid_parameter(std::string_view message) {
    return validation(fmt::format("One or more parameter values were invalid: {}", message));
}
ApiError constraint(std::string_view message) { return validation(fmt::format("1 validation error detected: {}", message)); }

ApiError table_not_found() { return ApiError("ResourceNotFoundException", 400, "Requested resource not found"); }
ApiError table_not_found(std::string_view table) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Requested resource not found: Table: {} not found", table));
}
ApiError table_exists(std::string_view table) {
    return ApiError("ResourceInUseException", 400, fmt::format("Table already exists: {}", table));
}
ApiError resource_not_found(std::string_view arn) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Requested resource not found: ResourcArn: {} not found", arn));
}
ApiError invalid_resource_arn(std::string_view arn) {
    return validation(fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", arn));
}
ApiError deletion_protected() {
    return validation("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
}
ApiError one_index_change_at_a_time() {
    return ApiError("LimitExceededException", 400,
                    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
}
ApiError index_not_found(std::string_view index) {
    return validation(fmt::format("The table does not have the specified index: {}", index));
}
ApiError no_such_index_to_change(std::string_view table, std::string_view index) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Requested resource not found: Table: {}, Index: {} not found", table, index));
}
ApiError too_many_tables(std::size_t limit) {
    return ApiError("LimitExceededException", 400, fmt::format("Subscriber limit exceeded: The number of tables exceeds the account limit of {}", limit));
}
ApiError backup_not_found(std::string_view arn) {
    return ApiError("BackupNotFoundException", 400, fmt::format("Backup not found: {}", arn));
}
ApiError backup_in_use(std::string_view arn) { return ApiError("BackupInUseException", 400, fmt::format("Backup is being used by another control plane operation: {}", arn)); }
ApiError unknown_table(std::string_view table) { return ApiError("TableNotFoundException", 400, fmt::format("Table not found: {}", table)); }
ApiError restored_table_exists(std::string_view table) { return ApiError("TableAlreadyExistsException", 400, fmt::format("Table already exists: {}", table)); }
ApiError no_point_in_time_recovery(std::string_view table) {
    return ApiError("PointInTimeRecoveryUnavailableException", 400, fmt::format("Point in time recovery is not enabled for table '{}'", table));
}
ApiError invalid_restore_time() {
    return ApiError("InvalidRestoreTimeException", 400,
                    "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime.");
}
ApiError table_in_use(std::string_view table, std::string_view status) {
    return ApiError("ResourceInUseException", 400,
                    fmt::format("Attempt to change a resource which is still in use: Table is being {}: {}",
                                status == "CREATING" ? "created" : status == "DELETING" ? "deleted" : "updated", table));
}
ApiError index_is_backfilling(std::string_view index) { return validation(fmt::format("Cannot read from backfilling global secondary index: {}", index)); }
ApiError export_not_found(std::string_view arn) { return ApiError("ExportNotFoundException", 400, fmt::format("Export not found: {}", arn)); }
ApiError import_not_found(std::string_view arn) { return ApiError("ImportNotFoundException", 400, fmt::format("Import not found: {}", arn)); }
ApiError policy_not_found(std::string_view arn) {
    return ApiError("PolicyNotFoundException", 400, fmt::format("Resource-based policy not found for the provided ResourceArn: {}", arn));
}
ApiError global_table_not_found(std::string_view name) {
    return ApiError("GlobalTableNotFoundException", 400, fmt::format("Global table not found: Global table with name: '{}' does not exist.", name));
}
ApiError replica_exists(std::string_view name, std::string_view region) {
    return ApiError("ReplicaAlreadyExistsException", 400, fmt::format("Replica already exists: Table with name: '{}' already has a replica in region: '{}'.", name, region));
}
ApiError replica_not_found(std::string_view name, std::string_view region) {
    return ApiError("ReplicaNotFoundException", 400, fmt::format("Replica not found: Table with name: '{}' has no replica in region: '{}'.", name, region));
}
ApiError invalid_export_time(std::string_view message) { return ApiError("InvalidExportTimeException", 400, std::string(message)); }
ApiError token_of_another_request(std::string_view code, std::string_view token) {
    return ApiError(std::string(code), 400, fmt::format("There was a conflict with the request: client token {} was used with other parameters", token));
}
ApiError not_implemented(std::string_view what) { return ApiError("NotImplemented", 501, fmt::format("virga does not implement {} yet", what)); }

namespace {
constexpr const char* no_number = "The parameter cannot be converted to a numeric value";
}

ApiError invalid_number(NumberFault fault, std::string_view text) {
    switch (fault) {
        case NumberFault::overflow: return validation("Number overflow. Attempting to store a number with magnitude larger than supported range");
        case NumberFault::underflow: return validation("Number underflow. Attempting to store a number with magnitude smaller than supported range");
        case NumberFault::too_precise: return validation("Attempting to store more than 38 significant digits in a Number");
        default: return validation(fmt::format("{}: {}", no_number, text));
    }
}
ApiError empty_number() { return validation(no_number); }
ApiError empty_attribute_name() { return validation("Empty attribute name"); }
ApiError empty_value() { return validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"); }
ApiError more_than_one_type() {
    return validation("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
}
ApiError false_null() { return invalid_parameter("Null attribute value types must have the value of true"); }
ApiError empty_set(std::string_view of) { return invalid_parameter(fmt::format("An {} set  may not be empty", of)); }
ApiError empty_binary_set() { return invalid_parameter("Binary sets should not be empty"); }
ApiError duplicate_numbers() { return validation("Input collection contains duplicates"); }
ApiError duplicate_members(std::string_view set) { return invalid_parameter(fmt::format("Input collection {} contains duplicates.", set)); }
ApiError nested_too_deep() {
    return validation("Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit");
}
ApiError item_too_large() { return validation("Item size has exceeded the maximum allowed size"); }
ApiError updated_item_too_large() { return validation("Item size to update has exceeded the maximum allowed size"); }

ApiError missing_key(std::string_view name) { return invalid_parameter(fmt::format("Missing the key {} in the item", name)); }
ApiError key_type_mismatch(std::string_view name, std::string_view expected, std::string_view actual) {
    return invalid_parameter(fmt::format("Type mismatch for key {} expected: {} actual: {}", name, expected, actual));
}
ApiError key_does_not_match_schema() { return validation("The provided key element does not match the schema"); }
ApiError empty_key_value(std::string_view name, bool binary) {
    return validation(fmt::format("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                                  "empty {} value. Key: {}",
                                  binary ? "binary" : "string", name));
}
ApiError empty_index_key_value(std::string_view index, std::string_view name, bool binary) {
    return validation(fmt::format("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
                                  "The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: {}, IndexKey: {}",
                                  binary ? "binary" : "string", index, name));
}
ApiError hash_key_too_long() { return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes"); }
ApiError range_key_too_long() { return invalid_parameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes"); }
ApiError index_key_type_mismatch(std::string_view name, std::string_view expected, std::string_view actual, std::string_view index) {
    return invalid_parameter(fmt::format("Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", name, expected, actual, index));
}
ApiError update_of_key(std::string_view name) {
    return invalid_parameter(fmt::format("Cannot update attribute {}. This attribute is part of the key", name));
}
ApiError nested_key(std::string_view name) {
    return validation(fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: {}", name));
}
ApiError nested_index_key(std::string_view name) {
    return validation(fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: {}", name));
}
ApiError updated_index_key_type() {
    return validation("The update expression attempted to update the secondary index key to unsupported type");
}
ApiError updated_index_key_empty(bool binary) {
    return validation(fmt::format("One or more parameter values are not valid. The update expression attempted to update a secondary index key to "
                                  "a value that is not supported. The AttributeValue for a key attribute cannot contain an empty {} value.",
                                  binary ? "binary" : "string"));
}

ApiError condition_failed() { return ApiError("ConditionalCheckFailedException", 400, "The conditional request failed"); }
ApiError invalid_document_path() { return validation("The document path provided in the update expression is invalid for update"); }
ApiError missing_attribute() { return validation("The provided expression refers to an attribute that does not exist in the item"); }
ApiError wrong_operand_type() { return validation("An operand in the update expression has an incorrect data type"); }
ApiError update_type_mismatch() { return validation("Type mismatch for attribute to update"); }

ApiError stream_not_found(std::string_view arn) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Requested resource not found: Stream: {} not found", arn));
}
ApiError invalid_stream_arn(std::string_view arn) { return validation(fmt::format("Invalid StreamArn provided as input {}", arn)); }
ApiError shard_not_found(std::string_view shard, std::string_view arn) {
    return ApiError("ResourceNotFoundException", 400, fmt::format("Requested resource not found: Shard does not exist: {} in stream {}", shard, arn));
}
ApiError iterator_expired() {
    return ApiError("ExpiredIteratorException", 400,
                    "The shard iterator is expired. Shard iterators are only valid for 15 minutes");
}
ApiError invalid_iterator() { return validation("Invalid ShardIterator"); }
ApiError trimmed() {
    return ApiError("TrimmedDataAccessException", 400,
                    "The operation attempted to read past the oldest stream record in a shard: the requested sequence number was trimmed");
}

ApiError token_mismatch() {
    return ApiError("IdempotentParameterMismatchException", 400,
                    "Specified idempotent token was used with different request parameters within the idempotency window");
}

ApiError malformed_statement(std::string_view why) { return validation(fmt::format("Statement wasn't well formed, can't be processed: {}", why)); }
ApiError collection_too_large() { return ApiError("ItemCollectionSizeLimitExceededException", 400, "Collection size exceeded."); }
ApiError duplicate_item() { return ApiError("DuplicateItemException", 400, "Duplicate primary key exists in table"); }
ApiError key_data_type(std::string_view name) {
    return validation(fmt::format("Key attribute's data type should match its data type in table's schema: Key {}", name));
}
ApiError key_missing_in_statement(std::string_view name) { return validation(fmt::format("Key attribute should be present in the item: Key {}", name)); }
ApiError no_key_equality() { return validation("Where clause does not contain a mandatory equality on all key attributes"); }
ApiError several_conditions_on_key(std::string_view name) {
    return validation(fmt::format("Multiple conditions on same key {}. Only single item Update/Insert/Delete are supported", name));
}
ApiError too_many_reads() { return validation("Too many decomposed read operations for a given query."); }
ApiError overlapping_conditions() { return validation("Overlapping conditions with range keys are not supported in where clause"); }
ApiError parameter_count() { return validation("Number of parameters in request and statement don't match."); }
ApiError invalid_next_token() { return validation("Invalid NextToken"); }
ApiError index_not_found() { return validation("The table does not have the specified index"); }
ApiError multi_attribute_index() {
    return validation("PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.");
}
ApiError filter_not_projected(std::string_view index, std::string_view attributes) {
    return invalid_parameter(fmt::format("Secondary index {} does not project one or more filter attributes: [{}]", index, attributes));
}

}  // namespace virga::table::errors
