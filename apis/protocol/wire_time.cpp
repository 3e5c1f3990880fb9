#include "apis/protocol/wire_time.hpp"

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol {

using model::TimeFormat;

std::optional<TimeMs> parse_wire_time(std::string_view text, TimeFormat format) {
    switch (format) {
        case TimeFormat::iso8601: return parse_iso8601(text);
        case TimeFormat::http_date: return parse_http_date(text);
        default: return parse_epoch_seconds(text);
    }
}

std::string write_wire_time(TimeMs instant, TimeFormat format, bool with_ms) {
    switch (format) {
        case TimeFormat::iso8601: return iso8601(instant, with_ms || instant % 1000 != 0);
        case TimeFormat::http_date: return http_date(instant);
        default: {
            std::string out;
            json::write_epoch_seconds(out, instant);
            return out;
        }
    }
}

}  // namespace virga::protocol
