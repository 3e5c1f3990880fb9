#include "emulator/schema/names.hpp"

namespace virga::schema {

namespace {

constexpr std::size_t longest_name = 120;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string pascal(std::string_view text) {
    std::string out;
    bool up = true;
    for (char c : text) {
        bool letter = is_lower(c) || is_upper(c) || is_digit(c);
        if (letter) out += up ? upper(c) : c;
        up = !letter;
    }
    return out;
}

std::string snake(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
            if (!out.empty() && out.back() != '_') out += '_';
            continue;
        }
        char before = i > 0 ? text[i - 1] : '_', after = i + 1 < text.size() ? text[i + 1] : '_';
        bool word = is_upper(c) && (is_lower(before) || is_digit(before) || (is_upper(before) && is_lower(after)));
        if (word && !out.empty() && out.back() != '_') out += '_';
        out += lower(c);
    }
    while (out.ends_with('_')) out.pop_back();
    return out;
}

std::string camel(std::string_view text) {
    std::string out = pascal(snake(text));
    if (!out.empty()) out[0] = lower(out[0]);
    return out;
}

std::string fresh(std::string name, std::set<std::string>& used, std::string_view prefix) {
    if (name.size() > longest_name) name.resize(longest_name);
    if (name.empty() || is_digit(name[0])) name.insert(0, prefix);
    std::string out = name;
    for (int n = 1; !used.insert(out).second; ++n) out = name + '_' + (n > 1 ? std::to_string(n) : "");
    return out;
}

}  // namespace virga::schema
