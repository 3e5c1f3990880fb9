// A schedule as a request describes it.
#pragma once
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/schedule/schedule_store.hpp"

namespace virga::scheduler {

// The schedule's document: the members of the request with the defaults of those that are not there. Throws what the service says about
// members that do not go together. `before`: the document that is replaced, null when there is none.
Value checked_document(const Context& ctx, const Value& input, const Value& before);

// Throws what the service says about a target. `region`: of the schedule.
void check_target(const Value& target, std::string_view region);

// A client token with what its request is about. A repeated request with a token answers what the first one did.
struct Token {
    std::string token, what;
    Token(const Value& input, std::string_view operation);
    // Whether this very request was carried out before. Throws when the token stood for something else.
    bool repeated(Database& db, const schedule::Schedules& schedules, TimeMs now) const;
};

// Adds the tags of a request to a group's. Throws when a key comes twice, or when the group cannot have them.
void add_tags(schedule::Group& group, const Value& input);

inline std::string_view group_of(const Value& input) { return input.text("GroupName", schedule::default_group); }

// The members of an answer: pages of lists.
std::string make_next_token(std::string_view group, std::string_view name);
std::pair<std::string, std::string> read_next_token(const Value& input);

}  // namespace virga::scheduler
