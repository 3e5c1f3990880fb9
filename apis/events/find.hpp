// Finding what a request names.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/bus/bus_store.hpp"

namespace virga::events {

inline PartitionId partition_of(const Arn& arn) { return {arn.account, arn.region}; }

// A bus by name or ARN, with the world it lives in. That it exists is not said; throws when it is another account's whose policy does not allow
// the operation.
struct BusRef {
    std::shared_ptr<Partition> partition;
    bus::Buses* buses;
    std::string name;
};
// `text` empty: the default bus.
BusRef bus_ref(Context& ctx, std::string_view text);

// Throw when there is none.
bus::BusInfo require_bus(const BusRef& ref);
bus::RulePtr require_rule(const BusRef& ref, std::string_view name);
// Where a rule is, by the resource of its ARN: "rule/name" or "rule/bus/name". (Names of partners' buses have slashes themselves.)
struct RulePath {
    std::string_view bus, name;
};
RulePath rule_path(std::string_view resource);
// Rules that AWS services keep are changed only by force.
void check_not_managed(const bus::Rule& rule, const Value& input);

// The tags of a request. Throws when a key comes twice, or as check_tags does.
bus::Tags read_tags(const Value& input);
// Throws when a resource cannot have these tags: reserved keys, or too many.
void check_tags(const bus::Tags& tags);

// One page of a list sorted by name: the elements after input.NextToken that begin with input.NamePrefix, at most input.Limit.
// `name(element)` gives the name; the answer's NextToken is set when there is more.
template <class T, class Name>
std::vector<T> page(const std::vector<T>& all, const Value& input, Value& answer, Name name);

std::string token_name(const Value& input);
std::size_t page_limit(const Value& input);

template <class T, class Name>
std::vector<T> page(const std::vector<T>& all, const Value& input, Value& answer, Name name) {
    std::vector<T> out;
    std::string after = token_name(input);
    auto prefix = input.text("NamePrefix");
    for (const auto& element : all) {
        std::string_view n = name(element);
        if ((!after.empty() && n <= after) || !n.starts_with(prefix)) continue;
        if (out.size() == page_limit(input)) {
            answer["NextToken"] = page_token(name(out.back()));
            break;
        }
        out.push_back(element);
    }
    return out;
}

// Sets a member of an answer unless the text is empty.
inline void set_text(Value& answer, std::string_view member, const std::string& text) {
    if (!text.empty()) answer[member] = text;
}

}  // namespace virga::events
