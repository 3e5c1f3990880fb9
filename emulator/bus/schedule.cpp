#include "emulator/bus/schedule.hpp"

namespace virga::bus {

namespace {

constexpr TimeMs minute_ms = 60'000, hour_ms = 3'600'000, day_ms = 86'400'000;

std::optional<int> number(std::string_view text) {
    int n = 0;
    if (text.empty() || text.size() > 9) return {};
    for (char c : text) {
        if (c < '0' || c > '9') return {};
        n = n * 10 + (c - '0');
    }
    return n;
}

std::optional<TimeMs> parse_rate(std::string_view inside) {
    auto space = inside.find(' ');
    if (space == std::string_view::npos) return {};
    auto n = number(inside.substr(0, space));
    auto unit = inside.substr(space + 1);
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    if (!n || *n < 1 || unit.ends_with('s') == (*n == 1)) return {};
    if (unit.ends_with('s')) unit.remove_suffix(1);
    if (unit == "minute") return *n * minute_ms;
    if (unit == "hour") return *n * hour_ms;
    if (unit == "day") return *n * day_ms;
    return {};
}

}  // namespace

std::optional<Schedule> Schedule::parse(std::string_view text) {
    Schedule s;
    if (!text.ends_with(')')) return {};
    if (text.starts_with("rate(")) {
        auto period = parse_rate(text.substr(5, text.size() - 6));
        if (!period) return {};
        s.period_ = *period;
        return s;
    }
    if (!text.starts_with("cron(")) return {};
    auto cron = Cron::parse(text.substr(5, text.size() - 6), Cron::Year::required);
    if (!cron) return {};
    s.cron_ = *cron;
    return s;
}

std::optional<TimeMs> Schedule::next(TimeMs after) const {
    if (period_) return after + period_;
    auto civil = cron_.next(civil_utc(after + 1000));  // a minute whose first second has begun is over
    return civil ? std::optional(instant_utc(*civil)) : std::nullopt;
}

}  // namespace virga::bus
