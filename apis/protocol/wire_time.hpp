// The text forms of timestamps on the wire.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "apis/protocol/model.hpp"
#include "emulator/base/value.hpp"

namespace virga::protocol {

inline model::TimeFormat time_format(const model::MemberData* member, model::Shape shape, model::TimeFormat otherwise) {
    if (member && member->time_format != model::TimeFormat::unset) return member->time_format;
    return shape->time_format != model::TimeFormat::unset ? shape->time_format : otherwise;
}

std::optional<TimeMs> parse_wire_time(std::string_view text, model::TimeFormat format);
// Without quotes. Milliseconds are written where the instant has some, or always when with_ms (ISO 8601 only).
std::string write_wire_time(TimeMs instant, model::TimeFormat format, bool with_ms = false);

}  // namespace virga::protocol
