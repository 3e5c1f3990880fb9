// Regular expressions as Java has them, near enough: of selection patterns, schemas and templates. Matching is bounded, so that no
// pattern of a customer holds a thread.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virga::gateway {

class Regex {
public:
    // Nothing when the pattern is malformed.
    static std::optional<Regex> compile(std::string_view pattern);

    bool matches(std::string_view text) const;  // the whole of it; "." leaves out line ends
    bool finds(std::string_view text) const;    // any part
    // $1 is the first group. Every match, or only the first. The text as it was when the result would pass 64 MB.
    std::string replace(const std::string& text, const std::string& with, bool all) const;
    // What is between the matches.
    std::vector<std::string> split(const std::string& text) const;

private:
    struct Code;
    std::shared_ptr<const Code> code_;
};

}  // namespace virga::gateway
