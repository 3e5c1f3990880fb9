#include "emulator/base/cron.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

constexpr std::array<std::string_view, 12> month_names = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> out;
    while (true) {
        auto at = text.find(separator);
        out.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at + 1);
    }
}

std::optional<int> number(std::string_view text) {
    if (text.empty() || text.size() > 4) return {};
    int n = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return {};
        n = n * 10 + (c - '0');
    }
    return n;
}

// The bounds and names of one field.
struct Field {
    int low, high;
    const std::string_view* names = nullptr;  // of the values from `low` on
    bool wraps = false;                       // 20-2 means 20 to the end and from the beginning to 2

    std::optional<int> value(std::string_view text) const {
        if (auto n = number(text)) return *n >= low && *n <= high ? n : std::nullopt;
        auto lower = to_lower(text);
        for (int i = 0; names && i <= high - low; ++i)
            if (names[i] == lower) return low + i;
        return {};
    }

    // "*", "4", "4-7", "*/5", "4/5", "4-7/2". False when malformed.
    template <class Bits>
    bool part(std::string_view text, Bits& bits, int offset) const {
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
        int count = high - low + 1;
        int span = to >= from ? to - from : to - from + count;
        for (int i = 0; i <= span; i += step) bits.set(static_cast<std::size_t>(low + (from - low + i) % count - offset));
        return true;
    }

    template <class Bits>
    bool read(std::string_view text, Bits& bits, int offset = 0) const {
        for (auto p : split(text, ','))
            if (!part(p, bits, offset)) return false;
        return true;
    }
};

bool is_workday(int year, unsigned month, unsigned day) {
    unsigned w = weekday(year, month, day);
    return w != 0 && w != 6;
}

// The workday nearest to a day, in the same month.
unsigned nearest_workday(int year, unsigned month, unsigned day) {
    unsigned last = days_in_month(year, month);
    if (day > last) return 0;
    unsigned w = weekday(year, month, day);
    if (w == 6) return day > 1 ? day - 1 : day + 2;
    if (w == 0) return day < last ? day + 1 : day - 2;
    return day;
}

unsigned last_workday(int year, unsigned month) {
    unsigned day = days_in_month(year, month);
    while (!is_workday(year, month, day)) --day;
    return day;
}

}  // namespace

std::optional<Cron> Cron::parse(std::string_view text, Year year) {
    std::vector<std::string_view> f;
    for (auto part : split(text, ' '))
        if (!part.empty()) f.push_back(part);
    if (f.size() == 5 && year == Year::optional) f.push_back("*");
    if (f.size() != 6 || (f[2] == "?") == (f[4] == "?")) return {};
    const Field minutes{0, 59}, hours{0, 23, nullptr, true}, months{1, 12, month_names.data(), true}, years{first_year, last_year};
    Cron cron;
    if (!minutes.read(f[0], cron.minutes_) || !hours.read(f[1], cron.hours_) || !months.read(f[3], cron.months_) || !years.read(f[5], cron.years_, first_year)) return {};
    cron.by_weekday_ = f[2] == "?";
    if (cron.by_weekday_ ? !cron.parse_weekday(f[4]) : !cron.parse_day(f[2])) return {};
    return cron;
}

bool Cron::parse_day(std::string_view field) {
    const Field days{1, 31};
    auto is = [&](std::string_view word) { return iequals(field, word); };
    if (is("L")) return last_day_ = true;
    if (is("LW") || is("WL")) return last_workday_ = true;
    if (field.size() > 1 && (field.back() == 'W' || field.back() == 'w')) {
        auto day = days.value(field.substr(0, field.size() - 1));
        nearest_workday_ = static_cast<unsigned>(day.value_or(0));
        return day.has_value();
    }
    return days.read(field, days_);
}

bool Cron::parse_weekday(std::string_view field) {
    const Field days{1, 7, weekday_names.data(), true};
    if (iequals(field, "L")) {  // the week's last day
        weekdays_.set(7);
        return true;
    }
    if (auto hash = field.find('#'); hash != std::string_view::npos) {
        auto day = days.value(field.substr(0, hash));
        auto nth = number(field.substr(hash + 1));
        if (!day || !nth || *nth < 1 || *nth > 5) return false;
        nth_weekday_ = *day;
        nth_ = static_cast<unsigned>(*nth);
        return true;
    }
    if (field.size() > 1 && (field.back() == 'L' || field.back() == 'l')) {
        auto day = days.value(field.substr(0, field.size() - 1));
        last_weekday_ = day.value_or(0);
        return day.has_value();
    }
    return days.read(field, weekdays_);
}

bool Cron::day_matches(int year, unsigned month, unsigned day) const {
    if (by_weekday_) {
        int w = static_cast<int>(weekday(year, month, day)) + 1;
        if (last_weekday_) return w == last_weekday_ && day + 7 > days_in_month(year, month);
        if (nth_weekday_) return w == nth_weekday_ && (day - 1) / 7 + 1 == nth_;
        return weekdays_.test(static_cast<std::size_t>(w));
    }
    if (last_day_) return day == days_in_month(year, month);
    if (last_workday_) return day == last_workday(year, month);
    if (nearest_workday_) return day == nearest_workday(year, month, nearest_workday_);
    return days_.test(day);
}

std::optional<Civil> Cron::next(Civil from) const {
    if (from.second > 0) {  // the minute that has begun is over
        from.second = 0;
        ++from.minute;
    }
    bool today = true;  // the time of day of `from` still counts
    for (int year = std::max(from.year, first_year); year <= last_year; ++year) {
        bool same_year = year == from.year;
        if (!years_.test(static_cast<std::size_t>(year - first_year))) {
            today = false;
            continue;
        }
        for (unsigned month = same_year ? from.month : 1; month <= 12; ++month) {
            bool same_month = same_year && month == from.month;
            if (!months_.test(month)) continue;
            for (unsigned day = same_month ? from.day : 1; day <= days_in_month(year, month); ++day) {
                if (!day_matches(year, month, day)) continue;
                bool first = today && same_month && day == from.day;
                for (unsigned hour = first ? from.hour : 0; hour < 24; ++hour) {
                    if (!hours_.test(hour)) continue;
                    for (unsigned minute = first && hour == from.hour ? from.minute : 0; minute < 60; ++minute)
                        if (minutes_.test(minute)) return Civil{year, month, day, hour, minute, 0};
                }
            }
        }
    }
    return {};
}

}  // namespace virga
