#include "emulator/logs/column_filter.hpp"

#include <optional>
#include <vector>

#include "emulator/logs/condition.hpp"

namespace virga {

namespace {

struct Column {
    bool rest = false;  // "..."
    std::optional<Condition> condition;
};

std::vector<std::string_view> columns_of(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    bool quoted = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '"') quoted = !quoted;
        if (i < text.size() && (text[i] != ',' || quoted)) continue;
        auto part = text.substr(begin, i - begin);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        parts.push_back(part);
        begin = i + 1;
    }
    return parts;
}

// Fields stand between blanks; "..." and [...] hold blanks together.
std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at < line.size();) {
        char c = line[at];
        if (c == ' ' || c == '\t' || c == '\n') {
            ++at;
            continue;
        }
        char close = c == '"' ? '"' : c == '[' ? ']' : 0;
        auto end = close ? line.find(close, at + 1) : line.find_first_of(" \t\n", at);
        if (end == std::string_view::npos) end = line.size();
        fields.push_back(close ? line.substr(at + 1, end - at - 1) : line.substr(at, end - at));
        at = end + (close ? 1 : 0);
    }
    return fields;
}

class ColumnFilter : public FilterPattern::Matcher {
public:
    explicit ColumnFilter(std::string_view text) {
        for (auto part : columns_of(text)) {
            Column column;
            column.rest = part == "...";
            if (!column.rest && part.find_first_of("=<>!") != std::string_view::npos) column.condition = parse_condition(part, false);
            columns_.push_back(std::move(column));
        }
    }

    bool matches(std::string_view message) const override { return matches_from(0, fields_of(message), 0); }

private:
    bool matches_from(std::size_t column, const std::vector<std::string_view>& fields, std::size_t field) const {
        for (; column < columns_.size(); ++column, ++field) {
            if (columns_[column].rest) {
                for (auto skip = field; skip <= fields.size(); ++skip)
                    if (matches_from(column + 1, fields, skip)) return true;
                return false;
            }
            if (field >= fields.size()) return false;
            auto text = fields[field];
            if (columns_[column].condition && !columns_[column].condition->holds([&](const Comparison& c) { return compare_text(c, text); })) return false;
        }
        return field == fields.size();
    }

    std::vector<Column> columns_;
};

}  // namespace

std::unique_ptr<FilterPattern::Matcher> make_column_filter(std::string_view text) { return std::make_unique<ColumnFilter>(text); }

}  // namespace virga
