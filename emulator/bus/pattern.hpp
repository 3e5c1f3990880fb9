// Event patterns: the filter language of EventBridge rules, Pipes and Lambda event source mappings.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace virga::bus {

struct CompiledPattern;  // compiled_pattern.hpp

// A pattern that the service refuses. what() is the reason with the place, as the service prints it after
// "Event pattern is not valid. Reason: "; reason is the first line of it alone.
class PatternError : public std::runtime_error {
public:
    PatternError(std::string reason_, const std::string& place) : std::runtime_error(reason_ + place), reason(std::move(reason_)) {}
    const std::string reason;
};

// One compiled pattern. Immutable, cheap to copy, safe to use from many threads.
class Pattern {
public:
    // Throws PatternError.
    static Pattern compile(std::string_view json);

    // Whether the event, a JSON object, matches. Works on the bytes; text that is no JSON object matches nothing.
    bool matches(std::string_view event_json) const;

    const CompiledPattern& compiled() const { return *compiled_; }
    const std::shared_ptr<const CompiledPattern>& shared() const { return compiled_; }

private:
    struct Alone;
    std::shared_ptr<const CompiledPattern> compiled_;
    std::shared_ptr<const Alone> alone_;
};

}  // namespace virga::bus
