#include "emulator/bus/number.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace virga::bus {

namespace {

// An exact decimal: digits without leading and trailing zeros, and the power of ten of the last one.
struct Decimal {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;
    bool operator==(const Decimal&) const = default;
};

Decimal read_decimal(std::string_view text) {
    Decimal d;
    std::size_t i = 0;
    if (i < text.size() && text[i] == '-') {
        d.negative = true;
        ++i;
    }
    bool fraction = false;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        if (fraction) --d.exponent;
        if (text[i] != '0' || !d.digits.empty()) d.digits += text[i];
    }
    if (i < text.size()) {
        ++i;
        bool minus = false;
        if (i < text.size() && (text[i] == '+' || text[i] == '-')) minus = text[i++] == '-';
        std::int64_t e = 0;
        for (; i < text.size(); ++i)
            if (e < 1'000'000'000) e = e * 10 + (text[i] - '0');
        d.exponent += minus ? -e : e;
    }
    while (!d.digits.empty() && d.digits.back() == '0') {
        d.digits.pop_back();
        ++d.exponent;
    }
    if (d.digits.empty()) d = Decimal{};
    return d;
}

// Integers of up to 15 digits are exact as they are.
std::optional<double> small_integer(std::string_view text) {
    bool negative = !text.empty() && text[0] == '-';
    if (negative) text.remove_prefix(1);
    if (text.empty() || text.size() > 15) return {};
    std::int64_t n = 0;
    for (char c : text) {
        if (c < '0' || c > '9') return {};
        n = n * 10 + (c - '0');
    }
    return static_cast<double>(negative ? -n : n);
}

}  // namespace

std::optional<double> comparable_number(std::string_view text) {
    if (auto n = small_integer(text)) return *n == 0 ? 0.0 : *n;
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    Decimal exact = read_decimal(text);
    if (error != std::errc() || end != text.data() + text.size()) {
        if (exact.digits.empty()) return 0.0;  // 0e99999
        return {};
    }
    if (value == 0 && exact.digits.empty()) return 0.0;
    if (!std::isfinite(value)) return {};
    char buffer[64];
    auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
    if (read_decimal(std::string_view(buffer, static_cast<std::size_t>(written.ptr - buffer))) != exact) return {};
    return value;
}

}  // namespace virga::bus
