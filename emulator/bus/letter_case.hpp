// Ignoring case as event patterns do: a letter of the pattern stands for its lower and its upper form.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virga::bus {

// A text that is compared without regard to case. Each character of it stands for its lower or its upper form in the root
// locale ("ß" for "ß" or "SS"), and for nothing else: folding is of the pattern, not of the value.
class FoldedText {
public:
    explicit FoldedText(std::string_view text);

    bool equals(std::string_view value) const;
    bool starts(std::string_view value) const;
    bool ends(std::string_view value) const;

    // When all of it is ASCII: its lower form, which is then comparable with ascii_lower(value).
    const std::optional<std::string>& ascii() const { return ascii_; }

private:
    struct Letter {
        std::string lower, upper;
    };
    std::vector<Letter> letters_;
    std::optional<std::string> ascii_;
};

// ASCII letters lowered, all other bytes kept.
std::string ascii_lower(std::string_view text);

}  // namespace virga::bus
