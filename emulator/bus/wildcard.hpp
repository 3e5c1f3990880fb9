// Wildcards: '*' for any run of characters, '\*' and '\\' for themselves.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace virga::bus {

struct WildcardError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Wildcard {
public:
    // Throws WildcardError with the service's text; positions in it count bytes from the opening quote.
    explicit Wildcard(std::string_view text);

    bool matches(std::string_view value) const;

    // The literal pieces between the stars; the first and the last are bound to the ends and may be empty.
    // One piece: there is no star.
    const std::vector<std::string>& pieces() const { return pieces_; }

private:
    std::vector<std::string> pieces_;
};

// How much work a set of wildcards on one field can cause: the greatest number of their beginnings that one input can match at
// once (a beginning ends after a character or after a star). Counting stops above `enough`.
[[gnu::cold]] int wildcard_complexity(const std::vector<const Wildcard*>& wildcards, int enough);

}  // namespace virga::bus
