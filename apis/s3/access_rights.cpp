#include "apis/s3/access_rights.hpp"

#include <algorithm>
#include <iterator>

namespace virga::s3 {

namespace {

constexpr Right rights[] = {
    {"GetObject", "s3:GetObject", "s3:GetObjectVersion", true, true, "READ"},
    {"HeadObject", "s3:GetObject", "s3:GetObjectVersion", true, true, "READ"},
    {"GetObjectAttributes", "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes", true, true, "READ"},
    {"GetObjectTorrent", "s3:GetObjectTorrent", "", true, true, "READ"},
    {"PutObject", "s3:PutObject", "", true, false, "WRITE"},
    {"CopyObject", "s3:PutObject", "", true, false, "WRITE"},
    {"CreateMultipartUpload", "s3:PutObject", "", true, false, "WRITE"},
    {"UploadPart", "s3:PutObject", "", true, false, "WRITE"},
    {"UploadPartCopy", "s3:PutObject", "", true, false, "WRITE"},
    {"CompleteMultipartUpload", "s3:PutObject", "", true, false, "WRITE"},
    {"AbortMultipartUpload", "s3:AbortMultipartUpload", "", true, false, "WRITE"},
    {"ListParts", "s3:ListMultipartUploadParts", "", true, false, "WRITE"},
    {"DeleteObject", "s3:DeleteObject", "s3:DeleteObjectVersion", true, false, "WRITE"},
    {"RestoreObject", "s3:RestoreObject", "", true, false, ""},
    {"GetObjectAcl", "s3:GetObjectAcl", "s3:GetObjectVersionAcl", true, true, "READ_ACP"},
    {"PutObjectAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", true, true, "WRITE_ACP"},
    {"GetObjectTagging", "s3:GetObjectTagging", "s3:GetObjectVersionTagging", true, false, ""},
    {"PutObjectTagging", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", true, false, ""},
    {"DeleteObjectTagging", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging", true, false, ""},
    {"GetObjectRetention", "s3:GetObjectRetention", "", true, false, ""},
    {"PutObjectRetention", "s3:PutObjectRetention", "", true, false, ""},
    {"GetObjectLegalHold", "s3:GetObjectLegalHold", "", true, false, ""},
    {"PutObjectLegalHold", "s3:PutObjectLegalHold", "", true, false, ""},
    {"ListObjects", "s3:ListBucket", "", false, false, "READ"},
    {"ListObjectsV2", "s3:ListBucket", "", false, false, "READ"},
    {"HeadBucket", "s3:ListBucket", "", false, false, "READ"},
    {"ListObjectVersions", "s3:ListBucketVersions", "", false, false, "READ"},
    {"ListMultipartUploads", "s3:ListBucketMultipartUploads", "", false, false, "READ"},
    {"GetBucketAcl", "s3:GetBucketAcl", "", false, false, "READ_ACP"},
    {"PutBucketAcl", "s3:PutBucketAcl", "", false, false, "WRITE_ACP"},
    {"GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", "", false, false, ""},
    {"PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration", "", false, false, ""},
    {"DeleteBucketLifecycle", "s3:PutLifecycleConfiguration", "", false, false, ""},
    {"GetBucketReplication", "s3:GetReplicationConfiguration", "", false, false, ""},
    {"PutBucketReplication", "s3:PutReplicationConfiguration", "", false, false, ""},
    {"DeleteBucketReplication", "s3:PutReplicationConfiguration", "", false, false, ""},
    {"GetBucketEncryption", "s3:GetEncryptionConfiguration", "", false, false, ""},
    {"PutBucketEncryption", "s3:PutEncryptionConfiguration", "", false, false, ""},
    {"DeleteBucketEncryption", "s3:PutEncryptionConfiguration", "", false, false, ""},
    {"GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration", "", false, false, ""},
    {"PutBucketAccelerateConfiguration", "s3:PutAccelerateConfiguration", "", false, false, ""},
    {"GetBucketNotificationConfiguration", "s3:GetBucketNotification", "", false, false, ""},
    {"PutBucketNotificationConfiguration", "s3:PutBucketNotification", "", false, false, ""},
    {"GetBucketCors", "s3:GetBucketCORS", "", false, false, ""},
    {"PutBucketCors", "s3:PutBucketCORS", "", false, false, ""},
    {"DeleteBucketCors", "s3:PutBucketCORS", "", false, false, ""},
    {"DeleteBucketTagging", "s3:PutBucketTagging", "", false, false, ""},
    {"GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", "", false, false, ""},
    {"PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock", "", false, false, ""},
    {"DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock", "", false, false, ""},
    {"GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", "", false, false, ""},
    {"PutObjectLockConfiguration", "s3:PutBucketObjectLockConfiguration", "", false, false, ""},
    {"GetBucketInventoryConfiguration", "s3:GetInventoryConfiguration", "", false, false, ""},
    {"ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration", "", false, false, ""},
    {"PutBucketInventoryConfiguration", "s3:PutInventoryConfiguration", "", false, false, ""},
    {"DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration", "", false, false, ""},
    {"GetBucketAnalyticsConfiguration", "s3:GetAnalyticsConfiguration", "", false, false, ""},
    {"ListBucketAnalyticsConfigurations", "s3:GetAnalyticsConfiguration", "", false, false, ""},
    {"PutBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration", "", false, false, ""},
    {"DeleteBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration", "", false, false, ""},
    {"GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration", "", false, false, ""},
    {"ListBucketMetricsConfigurations", "s3:GetMetricsConfiguration", "", false, false, ""},
    {"PutBucketMetricsConfiguration", "s3:PutMetricsConfiguration", "", false, false, ""},
    {"DeleteBucketMetricsConfiguration", "s3:PutMetricsConfiguration", "", false, false, ""},
    {"GetBucketIntelligentTieringConfiguration", "s3:GetIntelligentTieringConfiguration", "", false, false, ""},
    {"ListBucketIntelligentTieringConfigurations", "s3:GetIntelligentTieringConfiguration", "", false, false, ""},
    {"PutBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration", "", false, false, ""},
    {"DeleteBucketIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration", "", false, false, ""},
    {"DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls", "", false, false, ""},
    {"UpdateObjectEncryption", "s3:UpdateObjectEncryption", "", true, false, ""},
    {"CreateBucketMetadataConfiguration", "s3:CreateBucketMetadataTableConfiguration", "", false, false, ""},
    {"GetBucketMetadataConfiguration", "s3:GetBucketMetadataTableConfiguration", "", false, false, ""},
    {"DeleteBucketMetadataConfiguration", "s3:DeleteBucketMetadataTableConfiguration", "", false, false, ""},
    {"ListBuckets", "s3:ListAllMyBuckets", "", false, false, ""},
};

}  // namespace

const Right* find_right(std::string_view operation) {
    auto it = std::find_if(std::begin(rights), std::end(rights), [&](const Right& r) { return r.operation == operation; });
    return it == std::end(rights) ? nullptr : it;
}

}  // namespace virga::s3
