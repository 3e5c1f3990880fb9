// KeyMetadata, as CreateKey, DescribeKey and ReplicateKey answer it.
#pragma once
#include "apis/kms/find.hpp"

namespace virga::kms {

// `material`: the key's current one; null when it has none.
Object key_metadata(const Target& target, const keys::Key& key, const keys::Material* material);

// The tags of a request, checked: {key: value}.
std::map<std::string, std::string> tags_of(const Value& input);
Array tag_list(const std::map<std::string, std::string>& tags);

}  // namespace virga::kms
