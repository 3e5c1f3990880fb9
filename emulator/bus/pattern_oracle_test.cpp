#include "emulator/bus/pattern_oracle_test.hpp"

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/json.hpp"

namespace virga::bus {

namespace {

// ---- values ----

std::string number_text(const Value& v) { return v.is_integer() ? std::to_string(v.as_integer()) : v.as_number_text(); }

// Digits without zeros at the ends, and the power of ten.
std::string decimal(const std::string& text) {
    std::string digits;
    long exponent = 0;
    bool fraction = false;
    std::size_t i = text[0] == '-' ? 1 : 0;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') fraction = true;
        else digits += text[i], exponent -= fraction;
    }
    if (i < text.size()) exponent += std::strtol(text.c_str() + i + 1, nullptr, 10);
    while (!digits.empty() && digits.back() == '0') digits.pop_back(), ++exponent;
    while (!digits.empty() && digits.front() == '0') digits.erase(0, 1);
    return digits.empty() ? "0" : (text[0] == '-' ? "-" : "") + digits + "e" + std::to_string(exponent);
}

// A number can be compared when the shortest text of its double says the same number.
std::optional<double> comparable(const std::string& text) {
    double d = std::strtod(text.c_str(), nullptr);
    for (int precision = 0; precision < 18; ++precision) {
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%.*e", precision, d);
        if (std::strtod(buffer, nullptr) != d) continue;
        if (decimal(buffer) == decimal(text)) return d;
        return {};
    }
    return {};
}

std::optional<std::string> address(const std::string& text) {
    unsigned char bytes[16];
    if (inet_pton(AF_INET, text.c_str(), bytes) == 1) return std::string(reinterpret_cast<char*>(bytes), 4);
    if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) return std::string(reinterpret_cast<char*>(bytes), 16);
    return {};
}

bool in_cidr(const std::string& cidr, const std::string& text) {
    auto slash = cidr.find('/');
    auto network = address(cidr.substr(0, slash)), a = address(text);
    int bits = std::atoi(cidr.c_str() + slash + 1);
    if (!a || a->size() != network->size()) return false;
    for (int i = 0; i < bits; ++i)
        if ((((*a)[i / 8] ^ (*network)[i / 8]) >> (7 - i % 8)) & 1) return false;
    return true;
}

// Every way to write `text` with each letter in lower or upper form, for the letters that tests use.
bool folded(const std::string& text, const std::string& value, bool whole) {
    if (text.empty()) return !whole || value.empty();
    static const std::vector<std::vector<std::string>> letters = {{"é", "É"}, {"ß", "SS"}};
    for (const auto& forms : letters)
        for (const auto& form : forms)
            if (form != "SS" && text.starts_with(form)) {
                for (const auto& other : forms)
                    if (value.starts_with(other) && folded(text.substr(form.size()), value.substr(other.size()), whole)) return true;
                return false;
            }
    return !value.empty() && std::tolower(text[0]) == std::tolower(value[0]) && folded(text.substr(1), value.substr(1), whole);
}

bool folded_end(const std::string& text, const std::string& value) {
    for (std::size_t i = 0; i <= value.size(); ++i)
        if (folded(text, value.substr(i), true)) return true;
    return false;
}

bool wild(std::string_view pattern, std::string_view value) {
    if (pattern.empty()) return value.empty();
    if (pattern[0] == '*') return wild(pattern.substr(1), value) || (!value.empty() && wild(pattern, value.substr(1)));
    if (pattern[0] == '\\') pattern.remove_prefix(1);
    return !value.empty() && value[0] == pattern[0] && wild(pattern.substr(1), value.substr(1));
}

// ---- one alternative against one scalar ----

bool numeric(const Array& terms, const Value& v) {
    if (!v.is_number()) return false;
    auto n = comparable(number_text(v));
    if (!n) return false;
    for (std::size_t i = 0; i < terms.size(); i += 2) {
        const auto& op = terms[i].as_string();
        double bound = *comparable(number_text(terms[i + 1]));
        bool ok = op == "=" ? *n == bound : op == "<" ? *n < bound : op == "<=" ? *n <= bound : op == ">" ? *n > bound : *n >= bound;
        if (!ok) return false;
    }
    return true;
}

bool excluded(const Value& x, const Value& v) {
    if (x.is_number()) return v.is_number() && comparable(number_text(v)) && *comparable(number_text(v)) == *comparable(number_text(x));
    return v.is_string() && v.as_string() == x.as_string();
}

bool operates(const std::string& op, const Value& operand, const Value& v);

bool anything_but(const Value& operand, const Value& v) {
    if (operand.is_array()) {
        for (const auto& x : operand.as_array())
            if (excluded(x, v)) return false;
        return true;
    }
    if (!operand.is_object()) return !excluded(operand, v);
    const auto& [op, inner] = operand.as_object().members()[0];
    if (!inner.is_array()) return !operates(op, inner, v);
    for (const auto& x : inner.as_array())
        if (operates(op, x, v)) return false;
    return true;
}

bool operates(const std::string& op, const Value& operand, const Value& v) {
    if (op == "exists") return operand.as_bool();
    if (op == "anything-but") return anything_but(operand, v);
    if (op == "numeric") return numeric(operand.as_array(), v);
    if (!v.is_string()) return false;
    const auto& s = v.as_string();
    if (operand.is_object()) {
        const auto& text = operand.as_object().members()[0].value.as_string();
        return op == "prefix" ? folded(text, s, false) : folded_end(text, s);
    }
    const auto& text = operand.as_string();
    if (op == "exactly") return s == text;
    if (op == "prefix") return s.starts_with(text);
    if (op == "suffix") return s.ends_with(text);
    if (op == "equals-ignore-case") return folded(text, s, true);
    if (op == "wildcard") return wild(text, s);
    return in_cidr(text, s);
}

bool accepts(const Value& alternative, const Value& v) {
    if (alternative.is_object()) return operates(alternative.as_object().members()[0].name, alternative.as_object().members()[0].value, v);
    if (alternative.is_number()) {
        if (!v.is_number()) return false;
        if (number_text(alternative) == number_text(v)) return true;
        auto a = comparable(number_text(alternative)), b = comparable(number_text(v));
        return a && b && *a == *b;
    }
    if (alternative.is_string() && v.is_string()) {
        auto a = address(alternative.as_string()), b = address(v.as_string());
        if (a && b) return *a == *b;
    }
    return alternative == v;
}

// ---- the pattern as a choice of flat conjunctions ----

using Flat = OracleChoice;

void expand(const Object& object, const std::string& path, std::vector<Flat>& flats) {
    for (const auto& [name, value] : object) {
        if (name == "$or") {
            std::vector<Flat> all;
            for (const auto& branch : value.as_array()) {
                auto with = flats;
                expand(branch.as_object(), path, with);
                all.insert(all.end(), with.begin(), with.end());
            }
            flats = all;
            continue;
        }
        auto below = path.empty() ? name : path + "." + name;
        if (value.is_object()) expand(value.as_object(), below, flats);
        else
            for (auto& flat : flats) flat[below] = value.as_array();
    }
}

// ---- the event as a list of scalars with their places in arrays ----

using Places = std::map<int, int>;
using Scalar = OracleScalar;

void flatten(const Value& v, const std::string& path, const Places& places, int& arrays, std::vector<Scalar>& out) {
    if (v.is_object()) {
        const auto& members = v.as_object().members();
        for (std::size_t i = 0; i < members.size(); ++i) {
            bool last = true;
            for (std::size_t j = i + 1; j < members.size(); ++j) last = last && members[j].name != members[i].name;
            if (last) flatten(members[i].value, path.empty() ? members[i].name : path + "." + members[i].name, places, arrays, out);
        }
    } else if (v.is_array()) {
        int array = arrays++, index = 0;
        for (const auto& element : v.as_array()) {
            auto inside = places;
            if (element.is_object() || element.is_array()) inside[array] = index;
            flatten(element, path, inside, arrays, out);
            ++index;
        }
    } else {
        out.push_back({path, v, places});
    }
}

std::optional<Places> together(Places a, const Places& b) {
    for (auto [array, index] : b)
        if (!a.emplace(array, index).second && a[array] != index) return {};
    return a;
}

bool matches(Flat::const_iterator field, Flat::const_iterator end, const std::vector<Scalar>& event, const Places& chosen) {
    if (field == end) return true;
    auto next = std::next(field);
    bool any = false;
    for (const auto& scalar : event) {
        if (scalar.path != field->first) continue;
        auto with = together(chosen, scalar.places);
        if (!with) continue;
        any = true;
        for (const auto& alternative : field->second)
            if (accepts(alternative, scalar.value) && matches(next, end, event, *with)) return true;
    }
    if (any) return false;
    for (const auto& alternative : field->second)
        if (alternative.is_object() && alternative.as_object().members()[0].name == "exists" && !alternative["exists"].as_bool())
            return matches(next, end, event, chosen);
    return false;
}

}  // namespace

std::vector<OracleChoice> oracle_pattern(std::string_view json) {
    std::vector<OracleChoice> out(1);
    expand(json::parse(json).as_object(), "", out);
    return out;
}

std::vector<OracleScalar> oracle_event(std::string_view json) {
    std::vector<OracleScalar> out;
    int arrays = 0;
    flatten(json::parse(json), "", {}, arrays, out);
    return out;
}

bool oracle_matches(const std::vector<OracleChoice>& pattern, const std::vector<OracleScalar>& event) {
    for (const auto& flat : pattern)
        if (matches(flat.begin(), flat.end(), event, {})) return true;
    return false;
}

}  // namespace virga::bus
