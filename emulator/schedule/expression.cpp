#include "emulator/schedule/expression.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"

namespace virga::schedule {

namespace {

constexpr TimeMs minute_ms = 60'000, hour_ms = 3'600'000, day_ms = 86'400'000;

// Digits at text[at..at+count), or nothing.
std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return {};
    unsigned n = 0;
    for (auto c : text.substr(at, count)) {
        if (c < '0' || c > '9') return {};
        n = n * 10 + static_cast<unsigned>(c - '0');
    }
    return n;
}

// "2026-01-02T03:04" or "2026-01-02T03:04:05", and a date that is one.
std::optional<Civil> parse_local(std::string_view t) {
    if (t.size() != 16 && t.size() != 19) return {};
    if (t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || (t.size() == 19 && t[16] != ':')) return {};
    auto year = digits(t, 0, 4), month = digits(t, 5, 2), day = digits(t, 8, 2), hour = digits(t, 11, 2), minute = digits(t, 14, 2);
    auto second = t.size() == 19 ? digits(t, 17, 2) : std::optional<unsigned>(0);
    if (!year || !month || !day || !hour || !minute || !second) return {};
    if (*month < 1 || *month > 12 || *day < 1 || *hour > 23 || *minute > 59 || *second > 59) return {};
    int y = static_cast<int>(*year);
    if (*day > days_in_month(y, *month)) return {};
    return Civil{y, *month, *day, *hour, *minute, *second};
}

std::optional<TimeMs> parse_rate(std::string_view inside) {
    auto space = inside.find(' ');
    if (space == std::string_view::npos || space == 0 || space > 9) return {};
    auto n = digits(inside, 0, space);
    auto unit = to_lower(inside.substr(inside.find_first_not_of(' ', space) == std::string_view::npos ? inside.size() : inside.find_first_not_of(' ', space)));
    if (!n || *n < 1) return {};
    if (unit == "minute" || unit == "minutes") return *n * minute_ms;
    if (unit == "hour" || unit == "hours") return *n * hour_ms;
    if (unit == "day" || unit == "days") return *n * day_ms;
    return {};
}

}  // namespace

std::optional<Expression> Expression::parse(std::string_view text) {
    auto open = text.find('(');
    if (open == std::string_view::npos || !text.ends_with(')')) return {};
    auto keyword = to_lower(text.substr(0, open));
    auto inside = text.substr(open + 1, text.size() - open - 2);
    Expression e;
    if (keyword == "at") {
        auto at = parse_local(inside);
        if (!at) return {};
        e.kind_ = Kind::at;
        e.at_ = *at;
    } else if (keyword == "rate") {
        auto period = parse_rate(inside);
        if (!period) return {};
        e.kind_ = Kind::rate;
        e.period_ = *period;
    } else if (keyword == "cron") {
        auto cron = Cron::parse(inside, Cron::Year::optional);
        if (!cron) return {};
        e.kind_ = Kind::cron;
        e.cron_ = *cron;
    } else {
        return {};
    }
    return e;
}

std::optional<TimeMs> Expression::next(TimeMs from, TimeMs anchor, const TimeZone& zone) const {
    if (kind_ == Kind::rate) {
        if (from <= anchor) return anchor;
        return anchor + (from - anchor + period_ - 1) / period_ * period_;
    }
    if (kind_ == Kind::at) {
        auto instant = zone.instant(at_);
        return instant && *instant >= from ? instant : std::nullopt;
    }
    // A fraction of a second belongs to the second that has begun, which is over.
    Civil local = zone.local(from + 999);
    while (auto civil = cron_.next(local)) {
        auto instant = zone.instant(*civil);
        if (instant && *instant >= from) return instant;
        // Left out by the clocks, or already run the first time they showed it.
        local = *civil;
        local.second = 1;
    }
    return {};
}

std::optional<TimeMs> Timing::next(TimeMs from) const {
    if (expression.once()) return expression.next(from, anchor, zone);
    if (start) from = std::max(from, *start);
    auto found = expression.next(from, start.value_or(anchor), zone);
    return found && end && *found > *end ? std::nullopt : found;
}

}  // namespace virga::schedule
