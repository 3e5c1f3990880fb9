#include "apis/scheduler/schedule_input.hpp"

#include "apis/scheduler/errors.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/base/json.hpp"
#include "emulator/schedule/limits.hpp"

namespace virga::scheduler {

namespace {

void check_window(const Value& window) {
    bool flexible = window.text("Mode") == "FLEXIBLE";
    if (!flexible && window.has("MaximumWindowInMinutes")) throw errors::window_not_allowed();
    if (flexible && !window.has("MaximumWindowInMinutes")) throw errors::window_missing();
}

void check_dates(const Context& ctx, const Value& document, const Value& before) {
    if (!document.has("StartDate")) return;
    auto start = document.integer("StartDate");
    if (document.has("EndDate") && start >= document.integer("EndDate")) throw errors::start_after_end();
    bool kept = before.has("StartDate") && before.integer("StartDate") == start;
    if (!kept && start < ctx.now() - schedule::limits::start_in_the_past_ms) throw errors::start_too_early();
}

Value with_defaults(Value target) {
    Value& policy = target["RetryPolicy"];
    if (policy.is_null()) policy = Object();
    if (!policy.has("MaximumEventAgeInSeconds")) policy["MaximumEventAgeInSeconds"] = schedule::limits::event_age_seconds;
    if (!policy.has("MaximumRetryAttempts")) policy["MaximumRetryAttempts"] = schedule::limits::retry_attempts;
    return target;
}

}  // namespace

Value checked_document(const Context& ctx, const Value& input, const Value& before) {
    if (!schedule::Expression::parse(input.text("ScheduleExpression"))) throw errors::bad_expression(input.text("ScheduleExpression"));
    auto zone = input.text("ScheduleExpressionTimezone", "UTC");
    if (!schedule::TimeZone::load(std::string(zone))) throw errors::bad_time_zone(zone);
    check_window(input["FlexibleTimeWindow"]);

    Value d = Object{{"ScheduleExpression", input["ScheduleExpression"]},
                     {"ScheduleExpressionTimezone", zone},
                     {"State", input.text("State", "ENABLED")},
                     {"FlexibleTimeWindow", input["FlexibleTimeWindow"]},
                     {"ActionAfterCompletion", input.text("ActionAfterCompletion", "NONE")},
                     {"Target", with_defaults(input["Target"])}};
    for (const char* member : {"StartDate", "EndDate"})
        if (input.has(member)) d[member] = input[member].as_time();
    for (const char* member : {"Description", "KmsKeyArn"})
        if (input.has(member)) d[member] = input[member];
    check_dates(ctx, d, before);
    check_target(input["Target"], ctx.region());
    return d;
}

Token::Token(const Value& input, std::string_view operation) : token(input.text("ClientToken")) {
    Value rest = input;
    rest.as_object().erase("ClientToken");
    what = std::string(operation) + " " + hex_encode(sha256(json::write(rest)));
}

bool Token::repeated(Database& db, const schedule::Schedules& schedules, TimeMs now) const {
    auto before = schedules.token(db, token, now);
    if (before && *before != what) throw errors::token_used_otherwise(token);
    return before.has_value();
}

std::string make_next_token(std::string_view group, std::string_view name) { return page_token(std::string(group).append("/").append(name)); }

std::pair<std::string, std::string> read_next_token(const Value& input) {
    if (!input.has("NextToken")) return {};
    auto text = read_page_token(input.text("NextToken"));
    auto slash = text ? text->find('/') : std::string::npos;
    if (slash == std::string::npos) throw errors::bad_next_token();
    return {text->substr(0, slash), text->substr(slash + 1)};
}

}  // namespace virga::scheduler
