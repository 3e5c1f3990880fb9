// The platform's own lines in a function's log, as text or as JSON (LoggingConfig.LogFormat).
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
#pragma once
#include <optional>
#include <string>

#include "emulator/base/value.hpp"

namespace virga {

struct Report {
    std::string request_id;
    double duration_ms = 0;
    int memory_mb = 128, used_mb = 0;
    std::optional<double> init_ms;  // cold starts only
    std::string status;             // "", "timeout", "error"
    std::string error_type;
};

class FunctionLog {
public:
    FunctionLog(bool json) : json_(json) {}
    std::string init_start(const std::string& runtime, TimeMs now) const;
    std::string init_report(double init_ms, const std::string& phase, const std::string& status, const std::string& error_type, TimeMs now) const;
    std::string start(const std::string& request_id, const std::string& version, TimeMs now) const;
    std::string end(const std::string& request_id) const;  // "" where the format has none
    std::string report(const Report& report, TimeMs now) const;

private:
    bool json_;
};

// "3.00": seconds as Lambda writes a timeout.
std::string seconds_text(std::int64_t ms);

}  // namespace virga
