// Every error of S3 that a client can see, once.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::object::errors {

// Buckets
ApiError no_such_bucket(std::string_view bucket);
ApiError invalid_bucket_name(std::string_view bucket);
ApiError namespace_header_missing();
ApiError namespace_header_unfit();
ApiError invalid_bucket_namespace(std::string_view suffix);
ApiError headers_too_large();
ApiError bucket_already_owned_by_you(std::string_view bucket);
ApiError bucket_already_exists(std::string_view bucket);
ApiError bucket_not_empty(std::string_view bucket, bool versioned);
ApiError invalid_location_constraint(std::string_view value);
ApiError illegal_location_constraint(std::string_view value);  // "" = unspecified
ApiError illegal_versioning_configuration();
// The bucket is of `region`: a request that came to another region's endpoint, or that was signed for another region.
ApiError permanent_redirect(std::string_view bucket, std::string_view region);
ApiError wrong_signing_region(std::string_view signed_for, std::string_view region, bool presigned);
ApiError invalid_expected_owner(std::string_view value);

// Keys and versions
ApiError no_such_key(std::string_view key);
ApiError no_such_version(std::string_view key, std::string_view version_id);
ApiError key_too_long(std::size_t size);
ApiError key_climbs_out();
// A delete marker was asked for: by its id (405), or as the current version (404, see no_such_key).
ApiError delete_marker_not_allowed(std::string_view method);
ApiError metadata_too_large(std::size_t size);
ApiError invalid_storage_class(std::string_view value);
ApiError invalid_object_state(std::string_view storage_class);
ApiError restore_not_allowed(std::string_view storage_class);
ApiError restore_in_progress();
ApiError method_not_allowed(std::string_view method, std::string_view resource_type);
ApiError nothing_locked();
// UpdateObjectEncryption
ApiError encryption_not_updatable();
ApiError encryption_of_locked_object();
ApiError invalid_new_encryption();
ApiError kms_arn_missing();
ApiError kms_arn_malformed();
ApiError kms_key_of_another_account();

// Multipart uploads
ApiError no_such_upload(std::string_view upload_id);
ApiError invalid_part(std::string_view upload_id, std::int64_t number, std::string_view etag);
ApiError invalid_part_order(std::string_view upload_id);
ApiError entity_too_small(std::string_view etag, std::uint64_t minimum, std::int64_t number, std::uint64_t proposed);
ApiError entity_too_large(std::uint64_t proposed, std::uint64_t maximum);
ApiError invalid_part_number(std::int64_t requested, std::int64_t actual);

// Bodies
ApiError invalid_range(std::string_view requested, std::uint64_t actual_size);
ApiError invalid_digest(std::string_view md5);
ApiError bad_digest_md5(std::string_view expected, std::string_view calculated);
ApiError bad_digest(std::string_view algorithm);
ApiError content_sha256_mismatch(std::string_view client, std::string_view server);
ApiError incomplete_body();
ApiError signature_does_not_match(std::string_view provided);
ApiError missing_content_length();
ApiError malformed_xml();

// Form uploads
ApiError malformed_post();
ApiError form_fields_too_large();
ApiError form_field_missing(std::string_view name);
ApiError form_signature_does_not_match(std::string_view access_key, std::string_view policy, std::string_view provided);
ApiError form_file_too_small(std::uint64_t proposed, std::uint64_t minimum);
ApiError invalid_policy_document(std::string_view message);
ApiError malformed_trailer();
ApiError invalid_chunk_size(std::uint64_t number, std::uint64_t size);

// Conditions
ApiError precondition_failed(std::string_view condition);
ApiError not_modified();
ApiError header_not_implemented(std::string_view header, std::string_view additional = {});

// Arguments
ApiError invalid_argument(std::string_view message, std::string_view name, std::string_view value);
ApiError invalid_version_id(std::string_view version_id);
ApiError empty_version_id();
ApiError invalid_request(std::string_view message);
ApiError invalid_tag(std::string_view message, std::string_view key = {});
ApiError too_many_object_tags();
ApiError too_many_bucket_tags();
ApiError access_denied(std::string_view message = "Access Denied");
ApiError request_expired(std::string_view seconds, std::string_view expires, std::string_view server_time);
ApiError presign_parameters(std::string_view message);
ApiError presign_incomplete();
ApiError malformed_policy(std::string_view message);
ApiError policy_too_large();
ApiError acl_not_supported();
ApiError malformed_acl();  // MalformedACLError
ApiError unexpected_content();
ApiError missing_acl();
ApiError unknown_email(std::string_view address);
ApiError bucket_acl_with_enforced_ownership();
ApiError public_bucket_acl_blocked();
ApiError invalid_customer_algorithm(std::string_view value);
ApiError customer_keys_blocked();

// Configurations
ApiError object_locked();
ApiError invalid_bucket_state(std::string_view message);
ApiError missing_request_body();
ApiError id_mismatch();
ApiError no_such_configuration(std::string_view bucket);
ApiError too_many_configurations();
// `wrong`: "less" or "more".
ApiError tiering_days(std::string_view tier, std::string_view wrong, std::int64_t limit);
ApiError invalid_report_bucket();
ApiError invalid_target_bucket(std::string_view message, std::string_view bucket);  // for its log
ApiError cross_location_logging(std::string_view target_region, std::string_view source_region);
ApiError no_metadata_configuration(std::string_view bucket);
ApiError metadata_configuration_exists();
// CORS: a preflight that asks for nothing, and one that the rules refuse.
ApiError bad_preflight(std::string_view message);
ApiError cors_forbidden(std::string_view message, std::string_view method, std::string_view resource_type);

// A configuration that is not there; which code and text is the sub-resource's (a wrong one fails Terraform plans).
ApiError absent_configuration(std::string_view code, std::string_view message, std::string_view bucket);

// What the machine could not do: the disk is full, a file cannot be read.
ApiError internal_error();

// Refused by name rather than half done.
ApiError not_implemented(std::string_view what);

}  // namespace virga::object::errors
