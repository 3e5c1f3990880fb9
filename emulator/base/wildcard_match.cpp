#include "emulator/base/wildcard_match.hpp"

#include <cstddef>

namespace virga {

namespace {

// Goes back to the last star only: what an earlier one could take more of, the last one can take as well.
bool match(std::string_view pattern, std::string_view text, bool any_one) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == text[t] || (any_one && pattern[p] == '?'))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace

bool wildcard_match(std::string_view pattern, std::string_view text) { return match(pattern, text, true); }
bool star_match(std::string_view pattern, std::string_view text) { return match(pattern, text, false); }

}  // namespace virga
