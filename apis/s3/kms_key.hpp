// What S3 asks of KMS for objects that are encrypted under its keys. The bytes stay as they are; whether the key may be used is the key's matter.
#pragma once
#include "apis/s3/support.hpp"

namespace virga::s3 {

// Whether the attributes of a version or upload name a key of KMS. The plain path of puts and gets asks this first, and spares the coroutine.
bool uses_kms(const Object& attributes);

// A write under the key that `attributes` name by any of its forms, or the service's own where they name none: from here on they name it by its ARN.
// Throws KMS.NotFoundException, KMS.DisabledException, ... when KMS gives no data key under it. Nothing happens where KMS is not used.
Task<> bind_kms_key(Context& ctx, const Partition& home, Object& attributes);
// A read, or the next part of an upload: the key still opens what it closed. Throws like bind_kms_key.
Task<> need_kms_key(Context& ctx, const Object& attributes);

}  // namespace virga::s3
