#pragma once
#include <string>
#include <string_view>

namespace virga::sns {

// "+" and the digits. Throws invalid when it is no phone number. sms.cpp
std::string checked_phone_number(std::string_view text);

}  // namespace virga::sns
