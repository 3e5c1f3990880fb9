#include "emulator/base/time_format.hpp"

#include <charconv>
#include <cstdio>
#include <ctime>
#include <limits>

#include "emulator/base/civil.hpp"

namespace virga {

namespace {

constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Reads exactly `n` digits at `pos`, or answers -1.
int digits(std::string_view text, std::size_t pos, std::size_t n) {
    if (pos + n > text.size()) return -1;
    int v = 0;
    for (std::size_t i = pos; i < pos + n; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        v = v * 10 + (text[i] - '0');
    }
    return v;
}

std::optional<TimeMs> instant_of(int y, int mo, int d, int h, int mi, int s) {
    if (y < 0 || mo < 1 || mo > 12 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60) return std::nullopt;
    if (static_cast<unsigned>(d) > days_in_month(y, static_cast<unsigned>(mo))) return std::nullopt;
    return (days_from_civil(y, static_cast<unsigned>(mo), static_cast<unsigned>(d)) * 86400 + h * 3600 + mi * 60 + s) * 1000;
}

}  // namespace

std::int64_t days_from_civil(int year, unsigned month, unsigned day) {
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    auto yoe = static_cast<unsigned>(y - era * 400);
    unsigned doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return std::int64_t{era} * 146097 + doe - 719468;
}

std::string iso8601(TimeMs instant, bool with_ms) {
    const Civil c = civil_utc(instant);
    std::string text = with_ms ? "0000-00-00T00:00:00.000Z" : "0000-00-00T00:00:00Z";  // every event has one: filled in place
    auto put = [&](std::size_t at, std::size_t digits, unsigned value) {
        for (; digits > 0; value /= 10) text[at + --digits] = static_cast<char>('0' + value % 10);
    };
    if (c.year < 0 || c.year > 9999) {
        char year[16];
        std::snprintf(year, sizeof year, "%04d", c.year);
        text.replace(0, 4, year);
    } else {
        put(0, 4, static_cast<unsigned>(c.year));
    }
    const std::size_t at = text.find('-', 1);
    put(at + 1, 2, c.month), put(at + 4, 2, c.day), put(at + 7, 2, c.hour), put(at + 10, 2, c.minute), put(at + 13, 2, c.second);
    if (with_ms) put(at + 16, 3, static_cast<unsigned>((instant % 1000 + 1000) % 1000));
    return text;
}

namespace {

std::string write_http_date(TimeMs instant) {
    const Civil c = civil_utc(instant);
    std::string text = "Thu, 01 Jan 1970 00:00:00 GMT";  // filled in place
    auto put = [&](std::size_t at, unsigned value) {
        text[at] = static_cast<char>('0' + value / 10);
        text[at + 1] = static_cast<char>('0' + value % 10);
    };
    const auto year = static_cast<unsigned>(c.year);
    text.replace(0, 3, weekdays[weekday(c.year, c.month, c.day)]);
    put(5, c.day);
    text.replace(8, 3, months[c.month - 1]);
    put(12, year / 100);
    put(14, year % 100);
    put(17, c.hour);
    put(20, c.minute);
    put(23, c.second);
    return text;
}

}  // namespace

std::string http_date(TimeMs instant) {
    // Answers of one second have the same.
    thread_local struct {
        TimeMs second = std::numeric_limits<TimeMs>::min();
        std::string text;
    } last;
    const TimeMs second = instant / 1000 - (instant % 1000 < 0);
    if (last.second != second) last = {second, write_http_date(1000 * second)};
    return last.text;
}

std::string format_utc(TimeMs instant, const char* pattern) {
    Civil c = civil_utc(instant);
    std::tm tm{};
    tm.tm_year = c.year - 1900;
    tm.tm_mon = static_cast<int>(c.month) - 1;
    tm.tm_mday = static_cast<int>(c.day);
    tm.tm_hour = static_cast<int>(c.hour);
    tm.tm_min = static_cast<int>(c.minute);
    tm.tm_sec = static_cast<int>(c.second);
    tm.tm_wday = static_cast<int>(weekday(c.year, c.month, c.day));
    tm.tm_yday = static_cast<int>(days_from_civil(c.year, c.month, c.day) - days_from_civil(c.year, 1, 1));
    char buffer[256];
    return std::string(buffer, std::strftime(buffer, sizeof buffer, pattern, &tm));
}

std::optional<TimeMs> parse_iso8601(std::string_view t) {
    bool basic = t.size() > 8 && t[4] != '-';
    std::size_t at;
    std::optional<TimeMs> base;
    if (basic) {
        if (t.size() < 15 || t[8] != 'T') return std::nullopt;
        base = instant_of(digits(t, 0, 4), digits(t, 4, 2), digits(t, 6, 2), digits(t, 9, 2), digits(t, 11, 2), digits(t, 13, 2));
        at = 15;
    } else {
        if (t.size() < 19 || t[4] != '-' || t[7] != '-' || (t[10] != 'T' && t[10] != 't') || t[13] != ':' || t[16] != ':') return std::nullopt;
        base = instant_of(digits(t, 0, 4), digits(t, 5, 2), digits(t, 8, 2), digits(t, 11, 2), digits(t, 14, 2), digits(t, 17, 2));
        at = 19;
    }
    if (!base) return std::nullopt;
    TimeMs ms = *base;
    if (at < t.size() && t[at] == '.') {
        ++at;
        int scale = 100;
        std::size_t start = at;
        for (; at < t.size() && t[at] >= '0' && t[at] <= '9'; ++at, scale /= 10) ms += (t[at] - '0') * scale;
        if (at == start) return std::nullopt;
    }
    if (at == t.size()) return ms;
    if ((t[at] == 'Z' || t[at] == 'z') && at + 1 == t.size()) return ms;
    if ((t[at] == '+' || t[at] == '-') && t.size() - at >= 5) {
        std::size_t minutes_at = at + (t[at + 3] == ':' ? 4 : 3);
        int hours = digits(t, at + 1, 2), minutes = digits(t, minutes_at, 2);
        if (hours < 0 || minutes < 0 || minutes_at + 2 != t.size()) return std::nullopt;
        return ms - (t[at] == '+' ? 1 : -1) * (hours * 60 + minutes) * 60000;
    }
    return std::nullopt;
}

std::optional<TimeMs> parse_http_date(std::string_view t) {
    std::size_t comma = t.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    t.remove_prefix(comma + 2);
    if (t.size() < 20) return std::nullopt;
    int month = 0;
    for (int i = 0; i < 12; ++i)
        if (t.substr(3, 3) == months[i]) month = i + 1;
    auto base = instant_of(digits(t, 7, 4), month, digits(t, 0, 2), digits(t, 12, 2), digits(t, 15, 2), digits(t, 18, 2));
    if (!base) return std::nullopt;
    TimeMs ms = *base;
    if (t.size() > 20 && t[20] == '.') {  // "... 00:00:00.000 GMT", allowed in AWS's http-date with fractions
        int scale = 100;
        for (std::size_t at = 21; at < t.size() && t[at] >= '0' && t[at] <= '9'; ++at, scale /= 10) ms += (t[at] - '0') * scale;
    }
    return ms;
}

std::optional<TimeMs> parse_epoch_seconds(std::string_view text) {
    double v = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), v);
    if (r.ec != std::errc() || r.ptr != text.data() + text.size() || !(v > -1e14 && v < 1e14)) return std::nullopt;
    return static_cast<TimeMs>(v < 0 ? v * 1000 - 0.5 : v * 1000 + 0.5);
}

}  // namespace virga
