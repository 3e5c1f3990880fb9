#include "emulator/logs/filter_pattern.hpp"

#include <regex>
#include <vector>

#include "emulator/base/encoding.hpp"
#include "emulator/logs/column_filter.hpp"
#include "emulator/logs/json_filter.hpp"

namespace virga {

namespace {

// Terms of unstructured text.
class TermFilter : public FilterPattern::Matcher {
public:
    explicit TermFilter(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            if (text[at] == ' ' || text[at] == '\t') {
                ++at;
                continue;
            }
            Term term;
            if (text[at] == '-' || text[at] == '?') term.sign = text[at++];
            at = read_term(text, at, term);
            if (!term.text.empty() && term.text != " ") terms_.push_back(std::move(term));
        }
    }

    bool matches(std::string_view message) const override {
        bool alternatives = false, one_of_them = false, plain = false;
        for (auto& term : terms_) {
            bool found = term.is_regex ? std::regex_search(message.begin(), message.end(), term.regex) : message.find(term.text) != std::string_view::npos;
            if (term.sign == '-' && found) return false;
            if (term.sign == 0) {
                plain = true;
                if (!found) return false;
            }
            if (term.sign == '?') alternatives = true, one_of_them = one_of_them || found;
        }
        // Beside terms without a sign, ?terms are ignored (documented under "Use filter patterns to match terms").
        return plain || !alternatives || one_of_them;
    }

private:
    struct Term {
        char sign = 0;
        std::string text;
        bool is_regex = false;
        std::regex regex;
    };

    static std::size_t read_term(std::string_view text, std::size_t at, Term& term) {
        if (at < text.size() && (text[at] == '"' || text[at] == '%')) {
            char quote = text[at++];
            bool closed = false;
            for (; at < text.size() && !closed; ++at) {
                if (text[at] == '\\' && at + 1 < text.size() && quote == '"') term.text += text[++at];
                else if (text[at] == quote) closed = true;
                else term.text += text[at];
            }
            if (!closed) throw FilterPatternError("a quoted term does not end");
            if (quote == '%') {
                term.is_regex = true;
                try {
                    term.regex = std::regex(term.text, std::regex::ECMAScript | std::regex::optimize);
                } catch (const std::regex_error&) {
                    throw FilterPatternError("a regular expression is not valid");
                }
            }
            return at;
        }
        while (at < text.size() && text[at] != ' ' && text[at] != '\t') term.text += text[at++];
        return at;
    }

    std::vector<Term> terms_;
};

}  // namespace

FilterPattern::FilterPattern(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('{') && text.ends_with('}')) matcher_ = make_json_filter(text.substr(1, text.size() - 2));
    else if (text.starts_with('[') && text.ends_with(']')) matcher_ = make_column_filter(text.substr(1, text.size() - 2));
    else matcher_ = std::make_unique<TermFilter>(text);
}

FilterPattern::~FilterPattern() = default;
FilterPattern::FilterPattern(FilterPattern&&) noexcept = default;

bool FilterPattern::matches(std::string_view message) const { return matcher_->matches(message); }

}  // namespace virga
