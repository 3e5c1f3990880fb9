// Numbers of API Gateway, with where they come from.
#pragma once
#include <cstdint>

namespace virga::apigateway::limits {

inline constexpr int page_default = 25;               // "The maximum number of returned results per page. The default value is 25
inline constexpr int page_max = 500;                  //  and the maximum value is 500."
inline constexpr int timeout_min_ms = 50;             // "Custom timeout between 50 and 29,000 milliseconds.
inline constexpr int timeout_max_ms = 29000;          //  The default value is 29,000 milliseconds or 29 seconds."
inline constexpr std::uint64_t payload = 10 << 20;    // "Payload size: 10 MB"
inline constexpr int stage_name_length = 128;         // "Stage names can only contain alphanumeric characters, hyphens, and
                                                      //  underscores. Maximum length is 128 characters."
inline constexpr int compression_max = 10485760;      // "between 0 and 10485760 (10M bytes, inclusive)"

}  // namespace virga::apigateway::limits
