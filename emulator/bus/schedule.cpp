#include "emulator/bus/schedule.hpp"

#include <array>
#include <charconv>
#include <vector>

#include "emulator/base/time_format.hpp"

namespace virga::bus {

namespace {

constexpr TimeMs minute_ms = 60'000, hour_ms = 3'600'000, day_ms = 86'400'000;
constexpr std::array<std::string_view, 12> month_names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
constexpr int first_year = 1970, last_year = 2969;

std::optional<int> number(std::string_view text) {
    int n = 0;
    if (text.empty() || text.size() > 9) return {};
    for (char c : text) {
        if (c < '0' || c > '9') return {};
        n = n * 10 + (c - '0');
    }
    return n;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    while (true) {
        auto at = text.find(separator);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

// One field of a cron expression: its bounds and names.
struct Field {
    int low, high;
    const std::string_view* names = nullptr;
    int name_count = 0;
    bool wraps = false;  // 20-2 is allowed

    std::optional<int> value(std::string_view text) const {
        if (auto n = number(text)) return *n >= low && *n <= high ? n : std::nullopt;
        if (text.size() != 3) return {};
        for (int i = 0; i < name_count; ++i) {
            bool same = true;
            for (std::size_t c = 0; c < 3; ++c) same = same && (text[c] & ~0x20) == names[i][c];
            if (same) return i + 1;
        }
        return {};
    }

    // One part between commas, or nothing when malformed: calls `set` for each value.
    template <class F>
    bool part(std::string_view text, F set) const {
        auto slash = text.find('/');
        auto range = text.substr(0, slash);
        int step = 1, from = low, to = high;
        if (slash != std::string_view::npos) {
            auto n = number(text.substr(slash + 1));
            if (!n || *n < 1 || *n > high) return false;
            step = *n;
        }
        if (range != "*") {
            auto dash = range.find('-');
            auto first = value(range.substr(0, dash));
            if (!first) return false;
            from = *first;
            if (dash != std::string_view::npos) {
                auto last = value(range.substr(dash + 1));
                if (!last) return false;
                to = *last;
            } else if (slash == std::string_view::npos) {
                to = from;
            }
        }
        if (to < from && !wraps) return false;
        int span = to >= from ? to - from : to - from + (high - low + 1);
        for (int i = 0; i <= span; i += step) set(low + (from - low + i) % (high - low + 1));
        return true;
    }

    template <class Bits>
    bool read(std::string_view text, Bits& bits, int offset = 0) const {
        for (auto p : split(text, ','))
            if (!part(p, [&](int v) { bits.set(static_cast<std::size_t>(v - offset)); })) return false;
        return true;
    }
};

bool leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

unsigned days_in_month(int year, unsigned month) {
    static constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

// 1 = Sunday.
int weekday(int year, unsigned month, unsigned day) { return static_cast<int>(((days_from_civil(year, month, day) + 4) % 7 + 7) % 7) + 1; }

struct Civil {
    int year;
    unsigned month, day;
};
Civil civil_from_days(std::int64_t z) {
    z += 719468;
    std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    auto doe = static_cast<unsigned>(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned month = mp < 10 ? mp + 3 : mp - 9;
    return {static_cast<int>(yoe + era * 400) + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1};
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
    if (!text.starts_with("cron(") || !s.parse_cron(text.substr(5, text.size() - 6))) return {};
    return s;
}

bool Schedule::parse_cron(std::string_view text) {
    std::vector<std::string_view> f;
    for (auto part : split(text, ' '))
        if (!part.empty()) f.push_back(part);
    if (f.size() != 6 || (f[2] == "?") == (f[4] == "?")) return false;
    const Field minutes{0, 59}, hours{0, 23, nullptr, 0, true}, days{1, 31}, years{first_year, last_year};
    const Field months{1, 12, month_names.data(), 12, true}, weekdays{1, 7, weekday_names.data(), 7, true};
    if (!minutes.read(f[0], minutes_) || !hours.read(f[1], hours_) || !months.read(f[3], months_) || !years.read(f[5], years_, first_year)) return false;
    by_weekday_ = f[2] == "?";
    if (!by_weekday_) {
        if (f[2] == "L") return last_day_ = true;
        if (f[2] == "LW") return last_workday_ = true;
        if (f[2].ends_with('W')) {
            auto day = days.value(f[2].substr(0, f[2].size() - 1));
            nearest_workday_ = day.value_or(0);
            return day.has_value();
        }
        return days.read(f[2], days_);
    }
    if (f[4] == "L") {
        weekdays_.set(7);
        return true;
    }
    if (auto hash = f[4].find('#'); hash != std::string_view::npos) {
        auto day = weekdays.value(f[4].substr(0, hash));
        auto nth = number(f[4].substr(hash + 1));
        if (!day || !nth || *nth < 1 || *nth > 5) return false;
        nth_weekday_ = *day;
        nth_ = *nth;
        return true;
    }
    if (f[4].size() > 1 && f[4].ends_with('L')) {
        auto day = weekdays.value(f[4].substr(0, f[4].size() - 1));
        last_weekday_ = day.value_or(0);
        return day.has_value();
    }
    return weekdays.read(f[4], weekdays_);
}

bool Schedule::day_matches(int year, unsigned month, unsigned day) const {
    unsigned length = days_in_month(year, month);
    int of_week = weekday(year, month, day);
    if (by_weekday_) {
        if (nth_) return of_week == nth_weekday_ && static_cast<int>((day - 1) / 7) + 1 == nth_;
        if (last_weekday_) return of_week == last_weekday_ && day + 7 > length;
        return weekdays_.test(static_cast<std::size_t>(of_week));
    }
    if (last_day_) return day == length;
    bool workday = of_week != 1 && of_week != 7;
    if (last_workday_) {
        if (!workday) return false;
        for (unsigned d = day + 1; d <= length; ++d) {
            int w = weekday(year, month, d);
            if (w != 1 && w != 7) return false;
        }
        return true;
    }
    if (nearest_workday_) {
        // The workday nearest to that day, within its month.
        auto wanted = static_cast<unsigned>(nearest_workday_);
        if (wanted > length) return false;
        int w = weekday(year, month, wanted);
        unsigned nearest = wanted;
        if (w == 7) nearest = wanted == 1 ? 3 : wanted - 1;
        if (w == 1) nearest = wanted == length ? wanted - 2 : wanted + 1;
        return day == nearest;
    }
    return days_.test(day);
}

std::optional<TimeMs> Schedule::next(TimeMs after) const {
    if (period_) return after + period_;
    TimeMs from = (after / minute_ms + 1) * minute_ms;
    std::int64_t day = from / day_ms;
    TimeMs in_day = from % day_ms;
    const std::int64_t end = days_from_civil(last_year + 1, 1, 1);
    for (; day < end; ++day, in_day = 0) {
        Civil c = civil_from_days(day);
        if (!years_.test(static_cast<std::size_t>(c.year - first_year))) {
            day = days_from_civil(c.year + 1, 1, 1) - 1;
            continue;
        }
        if (!months_.test(c.month) || !day_matches(c.year, c.month, c.day)) continue;
        for (TimeMs minute = in_day / minute_ms; minute < 1440; ++minute)
            if (hours_.test(static_cast<std::size_t>(minute / 60)) && minutes_.test(static_cast<std::size_t>(minute % 60)))
                return day * day_ms + minute * minute_ms;
    }
    return {};
}

}  // namespace virga::bus
