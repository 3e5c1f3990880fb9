#include "emulator/object/errors.hpp"

#include <fmt/format.h>

#include "emulator/object/limits.hpp"

namespace virga::object::errors {

namespace {
std::string text(std::string_view v) { return std::string(v); }
}  // namespace

ApiError no_such_bucket(std::string_view bucket) {
    return {"NoSuchBucket", 404, "The specified bucket does not exist", {{"BucketName", bucket}}};
}
ApiError invalid_bucket_name(std::string_view bucket) {
    return {"InvalidBucketName", 400, "The specified bucket is not valid.", {{"BucketName", bucket}}};
}
ApiError namespace_header_missing() {
    return {"MissingNamespaceHeader", 400,
            "The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header.",
            {{"Header", "x-amz-bucket-namespace"}}};
}
// The codes of these two are the service's; their texts are not known.
ApiError namespace_header_unfit() {
    return {"InvalidNamespaceHeader", 400, "The requested bucket is not an account-regional namespace bucket: its name does not end with -an.", {{"Header", "x-amz-bucket-namespace"}}};
}
ApiError invalid_bucket_namespace(std::string_view suffix) {
    return {"InvalidBucketNamespace", 400, fmt::format("The requested bucket is an account-regional namespace bucket, but its name does not end with {}.", suffix)};
}
ApiError headers_too_large() {
    return {"RequestHeaderSectionTooLarge", 400, "Your request header section exceeds the maximum allowed size.", {{"MaxSizeAllowed", std::to_string(max_header_bytes)}}};
}
ApiError bucket_already_owned_by_you(std::string_view bucket) {
    return {"BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it.", {{"BucketName", bucket}}};
}
ApiError bucket_already_exists(std::string_view bucket) {
    return {"BucketAlreadyExists", 409,
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            "Please select a different name and try again.",
            {{"BucketName", bucket}}};
}
ApiError bucket_not_empty(std::string_view bucket, bool versioned) {
    return {"BucketNotEmpty", 409,
            versioned ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
                      : "The bucket you tried to delete is not empty",
            {{"BucketName", bucket}}};
}
ApiError invalid_location_constraint(std::string_view value) {
    return {"InvalidLocationConstraint", 400, "The specified location-constraint is not valid", {{"LocationConstraint", value}}};
}
ApiError illegal_location_constraint(std::string_view value) {
    return {"IllegalLocationConstraintException", 400,
            fmt::format("The {} location constraint is incompatible for the region specific endpoint this request was sent to.",
                        value.empty() ? "unspecified" : value)};
}
ApiError illegal_versioning_configuration() {
    return {"IllegalVersioningConfigurationException", 400, "The Versioning element must be specified"};
}

ApiError permanent_redirect(std::string_view bucket, std::string_view region) {
    return {"PermanentRedirect", 301,
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
            {{"Endpoint", fmt::format("s3.{}.amazonaws.com", region)}, {"Bucket", bucket}}};
}
ApiError wrong_signing_region(std::string_view signed_for, std::string_view region, bool presigned) {
    std::string what = fmt::format("the region '{}' is wrong; expecting '{}'", signed_for, region);
    if (presigned) return {"AuthorizationQueryParametersError", 400, "Error parsing the X-Amz-Credential parameter; " + what, {{"Region", region}}};
    return {"AuthorizationHeaderMalformed", 400, "The authorization header is malformed; " + what, {{"Region", region}}};
}
ApiError invalid_expected_owner(std::string_view value) {
    return {"InvalidBucketOwnerAWSAccountID", 400, fmt::format("The value of the expected bucket owner parameter must be an AWS Account ID... [{}]", value)};
}

ApiError no_such_key(std::string_view key) { return {"NoSuchKey", 404, "The specified key does not exist.", {{"Key", key}}}; }
ApiError no_such_version(std::string_view key, std::string_view version_id) {
    return {"NoSuchVersion", 404, "The specified version does not exist.", {{"Key", key}, {"VersionId", version_id}}};
}
ApiError key_too_long(std::size_t size) {
    return {"KeyTooLongError", 400, "Your key is too long", {{"Size", size}, {"MaxSizeAllowed", max_key_bytes}}};
}
ApiError key_climbs_out() { return {"InvalidURI", 400, "Couldn't parse the specified URI."}; }
ApiError delete_marker_not_allowed(std::string_view method) {
    return {"MethodNotAllowed", 405, "The specified method is not allowed against this resource.", {{"Method", method}, {"ResourceType", "DeleteMarker"}}};
}
ApiError metadata_too_large(std::size_t size) {
    return {"MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size",
            {{"Size", size}, {"MaxSizeAllowed", max_metadata_bytes}}};
}
ApiError invalid_storage_class(std::string_view value) {
    return {"InvalidStorageClass", 400, "The storage class you specified is not valid", {{"StorageClassRequested", value}}};
}
ApiError invalid_object_state(std::string_view storage_class) {
    return {"InvalidObjectState", 403, "The operation is not valid for the object's storage class", {{"StorageClass", storage_class}}};
}
ApiError restore_not_allowed(std::string_view storage_class) {
    return {"InvalidObjectState", 403, "Restore is not allowed for the object's current storage class", {{"StorageClass", storage_class}}};
}
ApiError restore_in_progress() { return {"RestoreAlreadyInProgress", 409, "Object restore is already in progress"}; }
ApiError method_not_allowed(std::string_view method, std::string_view resource_type) {
    return {"MethodNotAllowed", 405, "The specified method is not allowed against this resource.", {{"Method", method}, {"ResourceType", resource_type}}};
}

ApiError nothing_locked() { return {"NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"}; }
ApiError encryption_not_updatable() {
    return invalid_request(
        "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 "
        "or SSE-KMS are supported.");
}
ApiError encryption_of_locked_object() {
    return access_denied("The encryption type for the specified object can\u2019t be updated because that object is protected by S3 Object Lock.");
}
ApiError invalid_new_encryption() {
    return invalid_request(
        "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS "
        "for the updated encryption type, and then try again.");
}
ApiError kms_arn_missing() {
    return invalid_request(
        "Requests that modify an object's encryption type to SSE-KMS require an Amazon Web Services KMS key Amazon Resource Name (ARN). Modify the request to specify "
        "a KMS key ARN, and then try again.");
}
ApiError kms_arn_malformed() {
    return invalid_request(
        "Requests that modify an object's encryption type to SSE-KMS require a valid Amazon Web Services KMS key Amazon Resource Name (ARN). Confirm that you have a "
        "correctly formatted KMS key ARN in your request, and then try again.");
}
ApiError kms_key_of_another_account() {
    return access_denied(
        "The Amazon Web Services KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, "
        "and then try again.");
}

ApiError no_such_upload(std::string_view upload_id) {
    return {"NoSuchUpload", 404, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
            {{"UploadId", upload_id}}};
}
ApiError invalid_part(std::string_view upload_id, std::int64_t number, std::string_view etag) {
    return {"InvalidPart", 400,
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not "
            "match the part's entity tag.",
            {{"UploadId", upload_id}, {"PartNumber", number}, {"ETag", etag}}};
}
ApiError invalid_part_order(std::string_view upload_id) {
    return {"InvalidPartOrder", 400, "The list of parts was not in ascending order. Parts must be ordered by part number.", {{"UploadId", upload_id}}};
}
ApiError entity_too_small(std::string_view etag, std::uint64_t minimum, std::int64_t number, std::uint64_t proposed) {
    return {"EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size",
            {{"ProposedSize", proposed}, {"MinSizeAllowed", minimum}, {"PartNumber", number}, {"ETag", etag}}};
}
ApiError entity_too_large(std::uint64_t proposed, std::uint64_t maximum) {
    return {"EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size", {{"ProposedSize", proposed}, {"MaxSizeAllowed", maximum}}};
}
ApiError invalid_part_number(std::int64_t requested, std::int64_t actual) {
    return {"InvalidPartNumber", 416, "The requested partnumber is not satisfiable", {{"PartNumberRequested", requested}, {"ActualPartCount", actual}}};
}

ApiError invalid_range(std::string_view requested, std::uint64_t actual_size) {
    return {"InvalidRange", 416, "The requested range is not satisfiable", {{"RangeRequested", requested}, {"ActualObjectSize", actual_size}}};
}
ApiError invalid_digest(std::string_view md5) { return {"InvalidDigest", 400, "The Content-MD5 you specified was invalid.", {{"Content-MD5", md5}}}; }
ApiError bad_digest_md5(std::string_view expected, std::string_view calculated) {
    return {"BadDigest", 400, "The Content-MD5 you specified did not match what we received.",
            {{"ExpectedDigest", expected}, {"CalculatedDigest", calculated}}};
}
ApiError bad_digest(std::string_view algorithm) {
    return {"BadDigest", 400, fmt::format("The {} you specified did not match the calculated checksum.", algorithm)};
}
ApiError content_sha256_mismatch(std::string_view client, std::string_view server) {
    return {"XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.",
            {{"ClientComputedContentSHA256", client}, {"S3ComputedContentSHA256", server}}};
}
ApiError signature_does_not_match(std::string_view provided) {
    return {"SignatureDoesNotMatch", 403, "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
            {{"SignatureProvided", provided}}};
}
ApiError form_signature_does_not_match(std::string_view access_key, std::string_view policy, std::string_view provided) {
    ApiError error = signature_does_not_match(provided);
    error.fields["AWSAccessKeyId"] = access_key;
    error.fields["StringToSign"] = policy;
    return error;
}
ApiError incomplete_body() { return {"IncompleteBody", 400, "The request body terminated unexpectedly"}; }
ApiError missing_content_length() { return {"MissingContentLength", 411, "You must provide the Content-Length HTTP header."}; }
ApiError malformed_xml() {
    return {"MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"};
}
ApiError malformed_post() { return {"MalformedPOSTRequest", 400, "The body of your POST request is not well-formed multipart/form-data."}; }
ApiError form_fields_too_large() {
    return {"MaxPostPreDataLengthExceeded", 400, "Your POST request fields preceding the upload file were too large.", {{"MaxPostPreDataLengthExceeded", max_form_fields_bytes}}};
}
ApiError form_field_missing(std::string_view name) {
    return invalid_argument(fmt::format("Bucket POST must contain a field named '{}'.  If it is specified, please check the order of the fields.", name), name, "");
}
ApiError form_file_too_small(std::uint64_t proposed, std::uint64_t minimum) {
    return {"EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size", {{"ProposedSize", proposed}, {"MinSizeAllowed", minimum}}};
}
ApiError invalid_policy_document(std::string_view message) { return {"InvalidPolicyDocument", 400, text(message)}; }
ApiError malformed_trailer() {
    return {"MalformedTrailerError", 400, "The request contained trailing data that was not well-formed or did not conform to our published schema."};
}
ApiError invalid_chunk_size(std::uint64_t number, std::uint64_t size) {
    return {"InvalidChunkSizeError", 400, "Only the last chunk is allowed to have a size less than 8192 bytes", {{"Chunk", number}, {"BadChunkSize", size}}};
}

ApiError precondition_failed(std::string_view condition) {
    return {"PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold", {{"Condition", condition}}};
}
ApiError not_modified() { return {"NotModified", 304, "Not Modified"}; }
ApiError header_not_implemented(std::string_view header, std::string_view additional) {
    ApiError error{"NotImplemented", 501, "A header you provided implies functionality that is not implemented", {{"Header", header}}};
    if (!additional.empty()) error.fields["additionalMessage"] = additional;
    return error;
}

ApiError invalid_argument(std::string_view message, std::string_view name, std::string_view value) {
    return {"InvalidArgument", 400, text(message), {{"ArgumentName", name}, {"ArgumentValue", value}}};
}
ApiError empty_version_id() { return invalid_argument("Version id cannot be the empty string", "versionId", ""); }
ApiError invalid_version_id(std::string_view version_id) { return invalid_argument("Invalid version id specified", "versionId", version_id); }
ApiError invalid_request(std::string_view message) { return {"InvalidRequest", 400, text(message)}; }
ApiError invalid_tag(std::string_view message, std::string_view key) {
    ApiError error{"InvalidTag", 400, text(message)};
    if (!key.empty()) error.fields["TagKey"] = key;
    return error;
}
ApiError too_many_object_tags() { return {"BadRequest", 400, "Object tags cannot be greater than 10"}; }
ApiError too_many_bucket_tags() { return {"BadRequest", 400, "Bucket tag count cannot be greater than 50"}; }
ApiError access_denied(std::string_view message) { return {"AccessDenied", 403, text(message)}; }
ApiError request_expired(std::string_view seconds, std::string_view expires, std::string_view server_time) {
    return {"AccessDenied", 403, "Request has expired", {{"X-Amz-Expires", seconds}, {"Expires", expires}, {"ServerTime", server_time}}};
}
ApiError presign_parameters(std::string_view message) { return {"AuthorizationQueryParametersError", 400, text(message)}; }
ApiError presign_incomplete() {
    return presign_parameters(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
}
ApiError malformed_policy(std::string_view message) { return {"MalformedPolicy", 400, text(message)}; }
ApiError policy_too_large() {
    return {"PolicyTooLarge", 400, fmt::format("Policy is larger than the maximum allowed size of {} bytes", max_policy_bytes)};
}
ApiError acl_not_supported() { return {"AccessControlListNotSupported", 400, "The bucket does not allow ACLs"}; }

ApiError malformed_acl() { return {"MalformedACLError", 400, "The XML you provided was not well-formed or did not validate against our published schema"}; }
ApiError unexpected_content() { return {"UnexpectedContent", 400, "This request does not support content"}; }
ApiError bucket_acl_with_enforced_ownership() {
    return {"InvalidBucketAclWithObjectOwnership", 400, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"};
}
ApiError public_bucket_acl_blocked() {
    return {"InvalidBucketAclWithBlockPublicAccessError", 400, "Bucket cannot have public ACLs set with BlockPublicAccess enabled"};
}
ApiError missing_acl() { return {"MissingSecurityHeader", 400, "Your request was missing a required header", {{"MissingHeaderName", "x-amz-acl"}}}; }
ApiError unknown_email(std::string_view address) {
    return {"UnresolvableGrantByEmailAddress", 400, "The e-mail address you provided does not match any account on record.", {{"Email", address}}};
}
ApiError invalid_customer_algorithm(std::string_view value) {
    return {"InvalidEncryptionAlgorithmError", 400, "The Encryption request you specified is not valid. Supported value: AES256.",
            {{"ArgumentName", "x-amz-server-side-encryption-customer-algorithm"}, {"ArgumentValue", value}}};
}
ApiError customer_keys_blocked() { return access_denied("Server-side encryption with customer-provided keys (SSE-C) is blocked for this bucket."); }

ApiError object_locked() { return access_denied("Access Denied because object protected by object lock."); }
ApiError invalid_bucket_state(std::string_view message) { return {"InvalidBucketState", 409, text(message)}; }
ApiError missing_request_body() { return {"MissingRequestBodyError", 400, "Request Body is empty"}; }
ApiError id_mismatch() { return {"IdMismatch", 400, "Document ID does not match the specified configuration ID."}; }
ApiError no_such_configuration(std::string_view bucket) {
    return absent_configuration("NoSuchConfiguration", "The specified configuration does not exist.", bucket);
}
ApiError too_many_configurations() { return {"TooManyConfigurations", 400, "You are attempting to create a new configuration but have already reached the 1,000-configuration limit."}; }
ApiError tiering_days(std::string_view tier, std::string_view wrong, std::int64_t limit) {
    return {"InvalidArgument", 400, fmt::format("Days specified in {} tier should not be {} than {}.", tier, wrong, limit)};
}
ApiError invalid_report_bucket() { return {"InvalidS3DestinationBucket", 400, "Invalid bucket ARN."}; }
ApiError invalid_target_bucket(std::string_view message, std::string_view bucket) {
    return {"InvalidTargetBucketForLogging", 400, text(message), {{"TargetBucket", text(bucket)}}};
}
ApiError cross_location_logging(std::string_view target_region, std::string_view source_region) {
    return {"CrossLocationLoggingProhibitted", 403, "Cross S3 location logging not allowed. ",
            {{"TargetBucketLocation", target_region}, {"SourceBucketLocation", source_region}}};
}
ApiError no_metadata_configuration(std::string_view bucket) {
    return absent_configuration("MetadataConfigurationNotFound", "The metadata configuration was not found", bucket);
}
ApiError metadata_configuration_exists() { return invalid_bucket_state("A metadata configuration already exists on this bucket."); }
ApiError bad_preflight(std::string_view message) { return {"BadRequest", 400, text(message)}; }
ApiError cors_forbidden(std::string_view message, std::string_view method, std::string_view resource_type) {
    return {"AccessForbidden", 403, text(message), {{"Method", method}, {"ResourceType", resource_type}}};
}

ApiError absent_configuration(std::string_view code, std::string_view message, std::string_view bucket) {
    return {text(code), 404, text(message), {{"BucketName", bucket}}};
}

ApiError internal_error() { return {"InternalError", 500, "We encountered an internal error. Please try again."}; }

ApiError not_implemented(std::string_view what) { return {"NotImplemented", 501, fmt::format("{} is not implemented by virga yet", what)}; }

}  // namespace virga::object::errors
