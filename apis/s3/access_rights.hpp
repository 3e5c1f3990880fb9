// Which right an operation needs.
#pragma once
#include <string_view>

namespace virga::s3 {

// What an operation is called in policies, and which right in whose ACL stands for it ("" = no ACL can allow it).
struct Right {
    std::string_view operation, action, version_action;
    bool of_object;          // its resource is the key
    bool object_acl;         // the right is looked for in the object's ACL, else in the bucket's
    std::string_view permission;
};

// Nothing for an operation that is called in policies as it is called in the API, and that no ACL can allow.
const Right* find_right(std::string_view operation);

}  // namespace virga::s3
