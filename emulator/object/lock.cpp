#include "emulator/object/lock.hpp"

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {

constexpr TimeMs day_ms = 24 * 3600 * 1000;
constexpr std::string_view governance = "GOVERNANCE";

void check_period(const Value& rule, std::string_view member, std::int64_t most) {
    std::int64_t n = rule.integer(member);
    if (n <= 0) throw errors::invalid_argument("Default retention period must be a positive integer value.", member, std::to_string(n));
    if (n > most) throw errors::invalid_argument("Default retention period too large.", member, std::to_string(n));
}

}  // namespace

void check_lock_configuration(const Value& configuration) {
    if (configuration.text("ObjectLockEnabled") != "Enabled") throw errors::malformed_xml();
    if (!configuration.has("Rule")) return;
    const Value& rule = configuration["Rule"]["DefaultRetention"];
    std::string_view mode = rule.text("Mode");
    if (mode != governance && mode != "COMPLIANCE") throw errors::malformed_xml();
    if (rule.has("Days") == rule.has("Years")) throw errors::malformed_xml();
    if (rule.has("Days")) check_period(rule, "Days", max_retention_days);
    else check_period(rule, "Years", max_retention_years);
}

std::optional<Retention> default_retention(const Bucket& bucket, TimeMs now) {
    if (bucket.lock.empty()) return std::nullopt;
    Value configuration = json::parse(bucket.lock);
    const Value& rule = configuration["Rule"]["DefaultRetention"];
    if (!rule.has("Mode")) return std::nullopt;
    // "Amazon S3 counts 1 year as 365 days".
    return Retention{std::string(rule.text("Mode")), now + (rule.integer("Days") + 365 * rule.integer("Years")) * day_ms};
}

std::optional<Retention> retention_of(const Object& attributes) {
    const Value* mode = attributes.find("ObjectLockMode");
    const Value* until = attributes.find("ObjectLockRetainUntilDate");
    if (!mode || !until) return std::nullopt;
    return Retention{mode->as_string(), parse_iso8601(until->as_string()).value_or(0)};
}

void set_retention(Object& attributes, const std::optional<Retention>& retention) {
    if (!retention) {
        attributes.erase("ObjectLockMode");
        attributes.erase("ObjectLockRetainUntilDate");
        return;
    }
    attributes["ObjectLockMode"] = retention->mode;
    attributes["ObjectLockRetainUntilDate"] = iso8601(retention->until, true);
}

bool legal_hold_of(const Object& attributes) {
    const Value* hold = attributes.find("ObjectLockLegalHoldStatus");
    return hold && hold->as_string() == "ON";
}

void lock_new_version(const Bucket& bucket, Version& version, TimeMs now) {
    if (version.delete_marker) return;
    bool named = version.attributes.contains("ObjectLockMode"), held = version.attributes.contains("ObjectLockLegalHoldStatus");
    if (bucket.lock.empty()) {
        if (named || held) throw errors::invalid_request("Bucket is missing ObjectLockConfiguration");
        return;
    }
    if (named) return;
    if (auto retention = default_retention(bucket, now)) set_retention(version.attributes, retention);
}

bool is_locked(const Version& version, TimeMs now) {
    auto retention = retention_of(version.attributes);
    return legal_hold_of(version.attributes) || (retention && retention->until > now);
}

void check_removable(const Version& version, TimeMs now, bool bypass_governance) {
    if (version.delete_marker || !is_locked(version, now)) return;
    bool bypassed = bypass_governance && !legal_hold_of(version.attributes) && retention_of(version.attributes)->mode == governance;
    if (!bypassed) throw errors::object_locked();
}

void check_retention_change(const std::optional<Retention>& from, const std::optional<Retention>& to, TimeMs now, bool bypass_governance) {
    if (!from || from->until <= now) return;
    bool longer = to && to->mode == from->mode && to->until >= from->until;
    if (longer || (from->mode == governance && bypass_governance)) return;
    throw errors::object_locked();
}

}  // namespace virga::object
