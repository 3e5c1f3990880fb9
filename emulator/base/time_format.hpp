// Text forms of instants.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga {

// "2026-01-02T03:04:05Z", with ".123" before the Z when with_ms.
std::string iso8601(TimeMs instant, bool with_ms = false);
// "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110, IMF-fixdate).
std::string http_date(TimeMs instant);
// strftime in UTC.
std::string format_utc(TimeMs instant, const char* pattern);

// "2026-01-02T03:04:05[.fraction](Z|+hh:mm|-hh:mm)", also the basic form "20260102T030405Z". Nothing if malformed.
std::optional<TimeMs> parse_iso8601(std::string_view text);
std::optional<TimeMs> parse_http_date(std::string_view text);
// "1753351692" or "1753351692.123".
std::optional<TimeMs> parse_epoch_seconds(std::string_view text);

// Days since the epoch for a proleptic Gregorian date (month 1..12, day 1..31).
std::int64_t days_from_civil(int year, unsigned month, unsigned day);

}  // namespace virga
