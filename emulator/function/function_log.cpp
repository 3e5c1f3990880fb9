#include "emulator/function/function_log.hpp"

#include <fmt/format.h>

#include <cmath>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga {

namespace {

std::string platform(TimeMs now, const char* type, Object record) {
    return json::write(Object{{"time", iso8601(now, true)}, {"type", type}, {"record", std::move(record)}});
}

// Milliseconds with two decimals, as a number that prints that way.
Value milliseconds(double ms) { return NumberText{fmt::format("{:.2f}", ms)}; }

}  // namespace

std::string seconds_text(std::int64_t ms) { return fmt::format("{}.{:02}", ms / 1000, ms % 1000 / 10); }

std::string FunctionLog::init_start(const std::string& runtime, TimeMs now) const {
    if (json_) return platform(now, "platform.initStart", {{"initializationType", "on-demand"}, {"phase", "init"}, {"runtimeVersion", runtime}});
    return "INIT_START Runtime Version: " + runtime;
}

std::string FunctionLog::init_report(double init_ms, const std::string& phase, const std::string& status, const std::string& error_type,
                                     TimeMs now) const {
    if (json_) {
        Object record{{"initializationType", "on-demand"}, {"phase", phase}, {"status", status}, {"metrics", Object{{"durationMs", milliseconds(init_ms)}}}};
        if (!error_type.empty()) record["errorType"] = error_type;
        return platform(now, "platform.initReport", std::move(record));
    }
    auto line = fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: {}\tStatus: {}", init_ms, phase, status);
    return error_type.empty() ? line : line + "\tError Type: " + error_type;
}

std::string FunctionLog::start(const std::string& id, const std::string& version, TimeMs now) const {
    if (json_) return platform(now, "platform.start", {{"requestId", id}, {"version", version}});
    return "START RequestId: " + id + " Version: " + version;
}

std::string FunctionLog::end(const std::string& id) const { return json_ ? "" : "END RequestId: " + id; }

std::string FunctionLog::report(const Report& r, TimeMs now) const {
    // Billed time includes the init phase of on-demand functions since August 2025.
    auto billed = static_cast<std::int64_t>(std::ceil(r.duration_ms + r.init_ms.value_or(0)));
    if (json_) {
        Object metrics{{"durationMs", milliseconds(r.duration_ms)}, {"billedDurationMs", billed}, {"memorySizeMB", r.memory_mb}, {"maxMemoryUsedMB", r.used_mb}};
        if (r.init_ms) metrics["initDurationMs"] = milliseconds(*r.init_ms);
        Object record{{"requestId", r.request_id}, {"metrics", std::move(metrics)}, {"status", r.status.empty() ? "success" : r.status}};
        if (!r.error_type.empty()) record["errorType"] = r.error_type;
        return platform(now, "platform.report", std::move(record));
    }
    auto line = fmt::format("REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} MB\t", r.request_id,
                            r.duration_ms, billed, r.memory_mb, r.used_mb);
    if (r.init_ms) line += fmt::format("Init Duration: {:.2f} ms\t", *r.init_ms);
    if (!r.status.empty()) line += "Status: " + r.status;
    if (!r.error_type.empty()) line += "\tError Type: " + r.error_type;
    return line;
}

}  // namespace virga
