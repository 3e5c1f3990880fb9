// S3 Control: the calls that tools make for general purpose buckets. Tags of a bucket under its ARN, and the account's public access block.
#include "apis/dispatch/dispatcher.hpp"
#include "apis/protocol/models.hpp"
#include "apis/s3control/operations.hpp"
#include "apis/services.hpp"

namespace virga {

void register_s3control(Dispatcher& dispatcher, World&) {
    ServiceApi& api = dispatcher.add_service(models::s3control());
    api.validates = false;
    api.on("ListTagsForResource", s3control::list_tags_for_resource);
    api.on("TagResource", s3control::tag_resource);
    api.on("UntagResource", s3control::untag_resource);
    api.on("GetPublicAccessBlock", s3control::get_public_access_block);
    api.on("PutPublicAccessBlock", s3control::put_public_access_block);
    api.on("DeletePublicAccessBlock", s3control::delete_public_access_block);
}

}  // namespace virga
