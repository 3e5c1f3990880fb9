#include "emulator/delivery/time_pattern.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

#include "emulator/base/time_format.hpp"

namespace virga::delivery {

namespace {

constexpr std::string_view letters = "GuyDMLdQqYwEecaKhkHmsSAnNXxZzVOF";
constexpr std::array<std::string_view, 12> months{"January", "February", "March",     "April",   "May",      "June",
                                                  "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> days{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

struct Local {
    std::tm tm{};
    int year = 0;
    std::int64_t ms_of_day = 0;
    std::int64_t offset_s = 0;
    std::string_view zone;
};

std::string number(std::int64_t value, std::size_t width) { return fmt::format("{:0{}d}", value, width); }

std::string year_text(int year, std::size_t width) { return width == 2 ? number(year % 100, 2) : number(year, width); }

// ISO: weeks begin on Monday, the first has four days of the year. Answers {week-based year, week}.
std::pair<int, int> week_of(const Local& t) {
    std::tm copy = t.tm;
    char text[16];
    std::strftime(text, sizeof text, "%G", &copy);
    int year = std::atoi(text);
    std::strftime(text, sizeof text, "%V", &copy);
    return {year, std::atoi(text)};
}

std::string offset_text(std::int64_t offset, bool colon, bool minutes, bool zulu) {
    if (zulu && offset == 0) return "Z";
    std::int64_t n = offset < 0 ? -offset : offset;
    std::string out = fmt::format("{}{:02}", offset < 0 ? '-' : '+', n / 3600);
    if (minutes || n % 3600) out += fmt::format("{}{:02}", colon ? ":" : "", n / 60 % 60);
    return out;
}

std::string month_text(int month, std::size_t width) {
    if (width <= 2) return number(month + 1, width);
    auto name = months[static_cast<std::size_t>(month)];
    return std::string(width == 4 ? name : name.substr(0, width == 5 ? 1 : 3));
}

std::string day_text(int weekday, std::size_t width) {
    auto name = days[static_cast<std::size_t>(weekday)];
    return std::string(width == 4 ? name : name.substr(0, width == 5 ? 1 : 3));
}

std::string date_field(char letter, std::size_t width, const Local& t) {
    switch (letter) {
        case 'G': return width == 4 ? "Anno Domini" : width == 5 ? "A" : "AD";
        case 'u':
        case 'y': return year_text(t.year, width);
        case 'Y': return year_text(week_of(t).first, width);
        case 'w': return number(week_of(t).second, width);
        case 'D': return number(t.tm.tm_yday + 1, width);
        case 'M':
        case 'L': return month_text(t.tm.tm_mon, width);
        case 'd': return number(t.tm.tm_mday, width);
        case 'F': return number((t.tm.tm_mday - 1) / 7 + 1, width);
        case 'Q':
        case 'q': return width <= 2 ? number(t.tm.tm_mon / 3 + 1, width) : fmt::format("Q{}", t.tm.tm_mon / 3 + 1);
        case 'E': return day_text(t.tm.tm_wday, width);
        case 'e':
        case 'c': return width <= 2 ? number(t.tm.tm_wday + 1, width) : day_text(t.tm.tm_wday, width);
        default: return {};
    }
}

std::string time_field(char letter, std::size_t width, const Local& t) {
    int hour = t.tm.tm_hour;
    switch (letter) {
        case 'a': return hour < 12 ? "AM" : "PM";
        case 'K': return number(hour % 12, width);
        case 'h': return number((hour + 11) % 12 + 1, width);
        case 'k': return number(hour == 0 ? 24 : hour, width);
        case 'H': return number(hour, width);
        case 'm': return number(t.tm.tm_min, width);
        case 's': return number(t.tm.tm_sec, width);
        case 'S': {
            std::string fraction = fmt::format("{:03}000000", t.ms_of_day % 1000);
            fraction.resize(width, '0');
            return fraction;
        }
        case 'A': return number(t.ms_of_day, width);
        case 'n': return number(t.ms_of_day % 1000 * 1'000'000, width);
        case 'N': return number(t.ms_of_day * 1'000'000, width);
        case 'X': return offset_text(t.offset_s, width >= 3, width >= 2, true);
        case 'x': return offset_text(t.offset_s, width >= 3, width >= 2, false);
        case 'Z': return width == 4 ? "GMT" + (t.offset_s ? offset_text(t.offset_s, true, true, false) : "") : offset_text(t.offset_s, width == 5, true, width == 5);
        case 'O': return "GMT" + (t.offset_s ? offset_text(t.offset_s, true, true, false) : "");
        case 'z':
        case 'V': return std::string(t.zone);
        default: return {};
    }
}

Local local_time(TimeMs instant, std::int64_t offset_s, std::string_view zone) {
    Local t;
    TimeMs local = instant + offset_s * 1000;
    TimeMs seconds = local >= 0 ? local / 1000 : (local - 999) / 1000;
    std::time_t time = seconds;
    gmtime_r(&time, &t.tm);
    t.year = t.tm.tm_year + 1900;
    t.ms_of_day = ((t.tm.tm_hour * 60 + t.tm.tm_min) * 60 + t.tm.tm_sec) * 1000 + (local - seconds * 1000);
    t.offset_s = offset_s;
    t.zone = zone;
    return t;
}

}  // namespace

bool is_time_pattern(std::string_view pattern) {
    bool quoted = false;
    for (char c : pattern) {
        if (c == '\'') quoted = !quoted;
        else if (!quoted && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && letters.find(c) == letters.npos) return false;
    }
    return !quoted && !pattern.empty();
}

std::string format_time(std::string_view pattern, TimeMs instant, std::int64_t offset_s, std::string_view zone) {
    Local t = local_time(instant, offset_s, zone);
    std::string out;
    for (std::size_t i = 0; i < pattern.size();) {
        char c = pattern[i];
        if (c == '\'') {
            // Two quotes are one, inside quotes as well as outside.
            if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
                out += '\'';
                i += 2;
                continue;
            }
            for (++i; i < pattern.size(); ++i) {
                if (pattern[i] != '\'') out += pattern[i];
                else if (i + 1 < pattern.size() && pattern[i + 1] == '\'') out += pattern[i++];
                else break;
            }
            ++i;
            continue;
        }
        if (letters.find(c) == letters.npos) {
            out += c;
            ++i;
            continue;
        }
        std::size_t width = 1;
        while (i + width < pattern.size() && pattern[i + width] == c) ++width;
        std::string field = date_field(c, width, t);
        out += field.empty() ? time_field(c, width, t) : field;
        i += width;
    }
    return out;
}

}  // namespace virga::delivery
