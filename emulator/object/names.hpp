// The rules for names of buckets and keys, and for tags.
#pragma once
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::object {

// 3 to 63 of a-z 0-9 - and ., begins and ends alphanumeric, no "..", no IPv4 address, no reserved prefix or suffix.
bool is_bucket_name(std::string_view name);
// What buckets of us-east-1 could be called before March 2018: 3 to 255 of letters, digits, '.', '-' and '_'. Such a bucket is only not there.
bool is_old_bucket_name(std::string_view name);
// Throws what is wrong with a key: KeyTooLongError, or a path that climbs above its start ("a/../../b").
void check_key(std::string_view key);

// Throws what is wrong with a tag set (an object of key: value in order, equal keys kept): of its tags first, of their number last.
void check_object_tags(const Object& tags);
void check_bucket_tags(const Object& tags);
// "k1=v1&k2" of the x-amz-tagging header.
Object parse_tagging_header(std::string_view header);

}  // namespace virga::object
