#include "apis/scheduler/invocation.hpp"

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::scheduler {

std::string Invocation::write() const {
    return json::write(Object{{"schedule", schedule},
                              {"arn", schedule_arn},
                              {"target", target},
                              {"scheduled", scheduled},
                              {"begun", begun},
                              {"execution", execution_id},
                              {"last", last},
                              {"modified", modified}});
}

Invocation Invocation::read(std::string_view payload) {
    Value v = json::parse(payload);
    return {v.integer("schedule"),         std::string(v.text("arn")), v["target"], v.integer("scheduled"), v.integer("begun"),
            std::string(v.text("execution")), v.flag("last"),          v.integer("modified")};
}

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
std::string input_text(const Partition& from, const Invocation& invocation, int attempt, std::string_view event_id) {
    std::string time = iso8601(invocation.scheduled);
    if (!invocation.target.has("Input"))
        // The detail is a string here, unlike in EventBridge's own events.
        return json::write(Object{{"version", "0"},
                                  {"id", event_id},
                                  {"detail-type", "Scheduled Event"},
                                  {"source", "aws.scheduler"},
                                  {"account", from.account()},
                                  {"time", time},
                                  {"region", from.region()},
                                  {"resources", Array{invocation.schedule_arn}},
                                  {"detail", "{}"}});
    const std::pair<std::string_view, std::string> keywords[] = {{"<aws.scheduler.schedule-arn>", invocation.schedule_arn},
                                                                 {"<aws.scheduler.scheduled-time>", time},
                                                                 {"<aws.scheduler.execution-id>", invocation.execution_id},
                                                                 {"<aws.scheduler.attempt-number>", std::to_string(attempt)}};
    std::string text(invocation.target.text("Input"));
    for (const auto& [keyword, value] : keywords)
        for (auto at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at + value.size())) text.replace(at, keyword.size(), value);
    return text;
}

std::optional<ApiError> error_of(const Reply& reply) {
    if (reply.error) return reply.error;
    // PutEvents and its like answer 200 for entries that failed.
    for (const auto& entry : reply.output.list("Entries"))
        if (entry.has("ErrorCode")) return ApiError(std::string(entry.text("ErrorCode")), 400, std::string(entry.text("ErrorMessage")));
    return {};
}

}  // namespace virga::scheduler
