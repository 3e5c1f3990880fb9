// The operators of a policy's conditions (IAM reference, "IAM JSON policy elements: Condition operators").
#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/base/wildcard_match.hpp"
#include "emulator/object/policy.hpp"

namespace virga::object {

namespace {

using Test = bool (*)(std::string_view wanted, std::string_view got);

std::optional<double> number(std::string_view text) {
    double v = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), v);
    if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size()) return std::nullopt;
    return v;
}
std::optional<double> instant(std::string_view text) {
    if (auto t = parse_iso8601(text)) return static_cast<double>(*t);
    if (auto t = parse_epoch_seconds(text)) return static_cast<double>(*t);
    return std::nullopt;
}

template <class Compare>
bool compare(std::optional<double> wanted, std::optional<double> got, Compare c) {
    return wanted && got && c(*got, *wanted);
}

std::optional<std::uint32_t> ipv4(std::string_view text) {
    std::uint32_t address = 0;
    for (int i = 0; i < 4; ++i) {
        unsigned part = 0;
        auto r = std::from_chars(text.data(), text.data() + text.size(), part);
        if (r.ec != std::errc() || part > 255) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(r.ptr - text.data()));
        address = address << 8 | part;
        if (i < 3) {
            if (text.empty() || text.front() != '.') return std::nullopt;
            text.remove_prefix(1);
        }
    }
    return text.empty() ? std::optional(address) : std::nullopt;
}

bool in_network(std::string_view network, std::string_view address) {
    std::size_t slash = network.find('/');
    if (network.find(':') != std::string_view::npos) return network.substr(0, slash) == address || network == "::/0";
    auto base = ipv4(network.substr(0, slash)), at = ipv4(address);
    unsigned bits = 32;
    if (slash != std::string_view::npos) {
        std::string_view text = network.substr(slash + 1);
        if (std::from_chars(text.data(), text.data() + text.size(), bits).ec != std::errc() || bits > 32) return false;
    }
    if (!base || !at) return false;
    std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
    return (*base & mask) == (*at & mask);
}

struct Operator {
    std::string_view name;
    Test test;
    bool negated;
};
bool equal(std::string_view w, std::string_view g) { return w == g; }
constexpr std::array operators{
    Operator{"StringEquals", equal, false},
    Operator{"StringNotEquals", equal, true},
    Operator{"StringEqualsIgnoreCase", [](std::string_view w, std::string_view g) { return iequals(w, g); }, false},
    Operator{"StringNotEqualsIgnoreCase", [](std::string_view w, std::string_view g) { return iequals(w, g); }, true},
    Operator{"StringLike", wildcard_match, false},
    Operator{"StringNotLike", wildcard_match, true},
    Operator{"ArnEquals", wildcard_match, false},
    Operator{"ArnLike", wildcard_match, false},
    Operator{"ArnNotEquals", wildcard_match, true},
    Operator{"ArnNotLike", wildcard_match, true},
    Operator{"Bool", [](std::string_view w, std::string_view g) { return iequals(w, g); }, false},
    Operator{"BinaryEquals", equal, false},
    Operator{"IpAddress", in_network, false},
    Operator{"NotIpAddress", in_network, true},
    Operator{"NumericEquals", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::equal_to<>()); }, false},
    Operator{"NumericNotEquals", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::equal_to<>()); }, true},
    Operator{"NumericLessThan", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::less<>()); }, false},
    Operator{"NumericLessThanEquals", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::less_equal<>()); }, false},
    Operator{"NumericGreaterThan", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::greater<>()); }, false},
    Operator{"NumericGreaterThanEquals", [](std::string_view w, std::string_view g) { return compare(number(w), number(g), std::greater_equal<>()); }, false},
    Operator{"DateEquals", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::equal_to<>()); }, false},
    Operator{"DateNotEquals", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::equal_to<>()); }, true},
    Operator{"DateLessThan", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::less<>()); }, false},
    Operator{"DateLessThanEquals", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::less_equal<>()); }, false},
    Operator{"DateGreaterThan", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::greater<>()); }, false},
    Operator{"DateGreaterThanEquals", [](std::string_view w, std::string_view g) { return compare(instant(w), instant(g), std::greater_equal<>()); }, false},
};

const Operator* find_operator(std::string_view name) {
    auto it = std::find_if(operators.begin(), operators.end(), [&](const Operator& o) { return o.name == name; });
    return it == operators.end() ? nullptr : &*it;
}

// "ForAnyValue:StringLikeIfExists" in its parts.
struct OperatorName {
    std::string_view base;
    bool if_exists = false, for_all = false, for_any = false;
};
OperatorName parse_operator(std::string_view name) {
    OperatorName n;
    if (name.starts_with("ForAllValues:")) n.for_all = true, name.remove_prefix(13);
    else if (name.starts_with("ForAnyValue:")) n.for_any = true, name.remove_prefix(12);
    if (name.ends_with("IfExists")) n.if_exists = true, name.remove_suffix(8);
    n.base = name;
    return n;
}

std::vector<std::string> texts(const Value& value) {
    std::vector<std::string> out;
    auto add = [&](const Value& v) {
        if (v.is_string()) out.push_back(v.as_string());
        else if (v.is_bool()) out.emplace_back(v.as_bool() ? "true" : "false");
        else if (v.is_integer()) out.push_back(std::to_string(v.as_integer()));
    };
    if (value.is_array()) for (const Value& v : value.as_array()) add(v);
    else add(value);
    return out;
}

bool key_holds(const OperatorName& name, const std::vector<std::string>& wanted, const std::vector<std::string>& got) {
    if (name.base == "Null") return !wanted.empty() && iequals(wanted.front(), got.empty() ? "true" : "false");
    const Operator* op = find_operator(name.base);
    if (!op) return false;
    if (got.empty()) return name.if_exists || name.for_all || op->negated;
    auto one = [&](const std::string& g) {
        bool any = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& w) { return op->test(w, g); });
        return any != op->negated;
    };
    return name.for_any ? std::any_of(got.begin(), got.end(), one) : std::all_of(got.begin(), got.end(), one);
}

}  // namespace

bool is_condition_operator(std::string_view name) {
    OperatorName n = parse_operator(name);
    return n.base == "Null" || find_operator(n.base);
}

bool conditions_hold(const Value& conditions, const AccessRequest& request) {
    if (!conditions.is_object()) return true;
    for (const auto& [op, keys] : conditions.as_object()) {
        if (!keys.is_object()) return false;
        for (const auto& [key, value] : keys.as_object()) {
            std::vector<std::string> wanted;
            for (const std::string& text : texts(value))
                if (auto replaced = with_variables(text, request)) wanted.push_back(std::move(*replaced));
            if (!key_holds(parse_operator(op), wanted, request.values(key))) return false;
        }
    }
    return true;
}

}  // namespace virga::object
