// Tags as requests have them.
#pragma once
#include "emulator/base/value.hpp"

namespace virga::sns {

// [{"Key", "Value"}] as {key: value}, with what `base` has already. Throws when they are not fit for a topic. tags.cpp
Object read_tags(const Array& list, Object base = {});

}  // namespace virga::sns
