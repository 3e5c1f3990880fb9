// Schedule expressions: at(), rate() and cron().
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/cron.hpp"
#include "emulator/schedule/time_zone.hpp"

namespace virga::schedule {

class Expression {
public:
    // Nothing when the service would refuse it. The keyword's case does not matter.
    // at(yyyy-mm-ddThh:mm[:ss]); rate(N unit), N from 1, unit minute(s), hour(s), day(s); cron(fields).
    static std::optional<Expression> parse(std::string_view text);

    bool once() const { return kind_ == Kind::at; }

    // The first instant not before `from`. A rate counts from `anchor`; the others are read in `zone`, where a time that a change of
    // clocks leaves out is left out, and one that comes twice counts once.
    std::optional<TimeMs> next(TimeMs from, TimeMs anchor, const TimeZone& zone) const;

private:
    enum class Kind { at, rate, cron } kind_ = Kind::at;
    Civil at_;
    TimeMs period_ = 0;
    Cron cron_;
};

// When a schedule runs: its expression between its dates.
struct Timing {
    Expression expression;
    TimeZone zone;
    TimeMs anchor = 0;                // of a rate without start: when the schedule was made
    std::optional<TimeMs> start, end; // not for at()
    std::optional<TimeMs> next(TimeMs from) const;
};

}  // namespace virga::schedule
