// The fields of a cron() expression: which minutes of which days they mean.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based (rules of EventBridge speak the same language)
#pragma once
#include <bitset>
#include <optional>
#include <string_view>

#include "emulator/base/civil.hpp"

namespace virga {

class Cron {
public:
    // EventBridge Scheduler lets the year be left out, rules do not.
    enum class Year { required, optional };

    // "minutes hours day-of-month month day-of-week year": one of the two days is "?"; names and L, W in any case. Nothing when malformed.
    static std::optional<Cron> parse(std::string_view fields, Year year);

    // The first matching minute that is not before `from`; nothing when there is none any more.
    std::optional<Civil> next(Civil from) const;

private:
    static constexpr int first_year = 1970, last_year = 3499;
    bool parse_day(std::string_view field);
    bool parse_weekday(std::string_view field);
    bool day_matches(int year, unsigned month, unsigned day) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<13> months_;
    std::bitset<last_year - first_year + 1> years_;
    bool by_weekday_ = false;
    std::bitset<32> days_;
    bool last_day_ = false, last_workday_ = false;  // L, LW
    unsigned nearest_workday_ = 0;                  // 3W
    std::bitset<8> weekdays_;                       // 1 = Sunday
    int last_weekday_ = 0;                          // 6L
    int nth_weekday_ = 0;                           // 3#2
    unsigned nth_ = 0;
};

}  // namespace virga
