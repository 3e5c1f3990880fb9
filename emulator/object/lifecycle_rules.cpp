// What is wrong with a LifecycleConfiguration.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/lifecycle.hpp"
#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {

constexpr std::string_view filter_members[] = {"Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And"};
constexpr std::string_view actions[] = {"Expiration", "Transitions", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"};

struct Filter {
    std::string prefix;
    bool tags = false, sizes = false;
    std::string shown() const { return "(prefix=" + prefix + ")"; }
};

void check_sizes(const Value& filter) {
    for (std::string_view name : {"ObjectSizeGreaterThan", "ObjectSizeLessThan"})
        if (filter.has(name) && filter.integer(name) < 0) throw errors::invalid_request(fmt::format("'{}' should be a positive integer", name));
    if (filter.has("ObjectSizeGreaterThan") && filter.has("ObjectSizeLessThan") && filter.integer("ObjectSizeLessThan") <= filter.integer("ObjectSizeGreaterThan"))
        throw errors::invalid_request("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'");
}

Filter check_filter(const Value& rule) {
    Filter f;
    if (rule.has("Prefix") == rule.has("Filter")) throw errors::malformed_xml();
    if (rule.has("Prefix")) {
        f.prefix = rule.text("Prefix");
        return f;
    }
    const Value& filter = rule["Filter"];
    int members = 0;
    for (std::string_view name : filter_members) members += filter.has(name);
    if (members > 1) throw errors::malformed_xml();
    f.prefix = filter.text("Prefix");
    f.tags = filter.has("Tag");
    f.sizes = filter.has("ObjectSizeGreaterThan") || filter.has("ObjectSizeLessThan");
    check_sizes(filter);
    if (!filter.has("And")) return f;
    const Value& both = filter["And"];
    const Array& tags = both.list("Tags");
    std::size_t conditions = both.has("Prefix") + tags.size() + both.has("ObjectSizeGreaterThan") + both.has("ObjectSizeLessThan");
    if (conditions < 2) throw errors::malformed_xml();
    std::set<std::string_view> keys;
    for (const Value& tag : tags)
        if (!keys.insert(tag.text("Key")).second) throw errors::invalid_request("Duplicate Tag Keys are not allowed.");
    check_sizes(both);
    f.prefix = both.text("Prefix");
    f.tags = !tags.empty();
    f.sizes = both.has("ObjectSizeGreaterThan") || both.has("ObjectSizeLessThan");
    return f;
}

// Dates are stored as text: JSON has no other form for them.
void check_date(Value& action) {
    if (!action["Date"].is_timestamp()) return;
    TimeMs at = action["Date"].as_time();
    if (at % day_ms != 0) throw errors::invalid_argument("'Date' must be at midnight GMT", "Date", iso8601(at, true));
    action["Date"] = iso8601(at, true);
}

void check_positive(const Value& action, std::string_view member, std::string_view action_name) {
    if (action.integer(member) <= 0)
        throw errors::invalid_argument(fmt::format("'{}' for {} action must be a positive integer", member, action_name), member, std::to_string(action.integer(member)));
}

void check_expiration(Value& rule, const Filter& filter) {
    if (!rule.has("Expiration")) return;
    Value& expiration = rule["Expiration"];
    int members = expiration.has("Days") + expiration.has("Date") + expiration.has("ExpiredObjectDeleteMarker");
    if (members != 1) throw errors::malformed_xml();
    if (expiration.has("Days")) check_positive(expiration, "Days", "Expiration");
    check_date(expiration);
    if (!expiration.has("ExpiredObjectDeleteMarker")) return;
    if (filter.tags) throw errors::invalid_request("ExpiredObjectDeleteMarker cannot be specified with Tags.");
    if (filter.sizes) throw errors::invalid_request("ExpiredObjectDeleteMarker cannot be specified with ObjectSize conditions.");
}

// Infrequent access takes objects that are 30 days old.
void check_age(const Value& transition, std::string_view member, std::string_view element) {
    std::string_view storage = transition.text("StorageClass");
    std::int64_t days = transition.integer(member), least = storage == "STANDARD_IA" || storage == "ONEZONE_IA" ? 30 : 0;
    if (days < 0) throw errors::invalid_argument(fmt::format("'{}' in {} action must be nonnegative", member, element), member, std::to_string(days));
    if (days < least)
        throw errors::invalid_argument(fmt::format("'{}' in {} action must be greater than or equal to {} for storageClass '{}'", member, element, least, storage), member,
                                       std::to_string(days));
}

// Storage classes from warm to cold: objects only ever move on.
constexpr std::string_view waterfall[] = {"STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"};

void check_order(const Array& transitions, const Filter& filter) {
    auto rank = [](const Value& t) { return std::find(std::begin(waterfall), std::end(waterfall), t.text("StorageClass")); };
    for (const Value& colder : transitions)
        for (const Value& warmer : transitions)
            if (rank(warmer) < rank(colder) && colder.has("Days") && warmer.has("Days") && colder.integer("Days") <= warmer.integer("Days"))
                throw errors::invalid_argument(
                    fmt::format("'Days' in the Transition action for StorageClass '{0}' for filter '{2}' must be greater than 'Days' in the Transition action for StorageClass "
                                "'{1}' for filter '{2}'",
                                colder.text("StorageClass"), warmer.text("StorageClass"), filter.shown()),
                    "Days", std::to_string(colder.integer("Days")));
}

void check_transitions(Value& rule, const Filter& filter) {
    if (!rule.has("Transitions")) return;
    std::set<std::string> classes;
    bool dated = rule["Expiration"].has("Date"), counted = rule["Expiration"].has("Days");
    for (Value& t : rule["Transitions"].as_array()) {
        if (!t.has("StorageClass") || t.has("Days") == t.has("Date")) throw errors::malformed_xml();
        (t.has("Days") ? counted : dated) = true;
        if (t.has("Days")) check_age(t, "Days", "Transition");
        check_date(t);
        if (!classes.insert(std::string(t.text("StorageClass"))).second)
            throw errors::invalid_request(fmt::format("'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '{}'", filter.shown()));
        if (rule["Expiration"].has("Days") && t.has("Days") && rule["Expiration"].integer("Days") <= t.integer("Days"))
            throw errors::invalid_argument(
                fmt::format("'Days' in the Expiration action for filter '{}' must be greater than 'Days' in the Transition action", filter.shown()), "Days",
                std::to_string(rule["Expiration"].integer("Days")));
    }
    check_order(rule.list("Transitions"), filter);
    if (dated && counted)
        throw errors::invalid_request(
            fmt::format("Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '{}'", filter.shown()));
}

void check_noncurrent(const Value& rule) {
    auto check_kept = [](const Value& action, std::string_view name) {
        if (!action.has("NewerNoncurrentVersions")) return;
        std::int64_t n = action.integer("NewerNoncurrentVersions");
        if (n < 1 || n > 100)
            throw errors::invalid_argument(n < 1 ? fmt::format("'NewerNoncurrentVersions' for {} action must be a positive integer", name)
                                                 : fmt::format("'NewerNoncurrentVersions' for {} action must be less than or equal to 100", name),
                                           "NewerNoncurrentVersions", std::to_string(n));
    };
    if (rule.has("NoncurrentVersionExpiration")) {
        const Value& e = rule["NoncurrentVersionExpiration"];
        if (!e.has("NoncurrentDays")) throw errors::malformed_xml();
        check_positive(e, "NoncurrentDays", "NoncurrentVersionExpiration");
        check_kept(e, "NoncurrentVersionExpiration");
    }
    for (const Value& t : rule.list("NoncurrentVersionTransitions")) {
        if (!t.has("StorageClass") || !t.has("NoncurrentDays")) throw errors::malformed_xml();
        check_age(t, "NoncurrentDays", "NoncurrentVersionTransition");
        check_kept(t, "NoncurrentVersionTransition");
        if (rule["NoncurrentVersionExpiration"].has("NoncurrentDays") && rule["NoncurrentVersionExpiration"].integer("NoncurrentDays") <= t.integer("NoncurrentDays"))
            throw errors::invalid_argument("'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
                                           "NoncurrentDays", std::to_string(t.integer("NoncurrentDays")));
    }
}

void check_abort(const Value& rule, const Filter& filter) {
    if (!rule.has("AbortIncompleteMultipartUpload")) return;
    if (filter.tags) throw errors::invalid_request("AbortIncompleteMultipartUpload cannot be specified with Tags.");
    if (filter.sizes) throw errors::invalid_request("AbortIncompleteMultipartUpload cannot be specified with ObjectSize conditions.");
    const Value& abort = rule["AbortIncompleteMultipartUpload"];
    if (!abort.has("DaysAfterInitiation")) throw errors::malformed_xml();
    check_positive(abort, "DaysAfterInitiation", "AbortIncompleteMultipartUpload");
}

}  // namespace

void check_lifecycle(Value& configuration, Random& random) {
    if (configuration.list("Rules").empty() || configuration.list("Rules").size() > max_rules) throw errors::malformed_xml();
    std::set<std::string> ids;
    for (Value& rule : configuration["Rules"].as_array()) {
        std::string id(rule.text("ID"));
        if (id.size() > max_rule_id) throw errors::invalid_argument("ID length should not exceed allowed limit of 255", "ID", id);
        if (id.empty()) rule["ID"] = id = random.uuid();
        if (!ids.insert(id).second) throw errors::invalid_argument("Rule ID must be unique. Found same ID for one or more than one rule", "ID", id);
        Filter filter = check_filter(rule);
        if (std::none_of(std::begin(actions), std::end(actions), [&](std::string_view a) { return rule.has(a); }))
            throw errors::invalid_request("At least one action needs to be specified in a rule");
        check_expiration(rule, filter);
        check_transitions(rule, filter);
        check_noncurrent(rule);
        check_abort(rule, filter);
    }
}

}  // namespace virga::object
