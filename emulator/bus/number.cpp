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

// What can be said of a number by counting its digits: most are decided here.
enum class Quick { yes, no, unknown };

// Up to 15 significant digits always come back from the nearest double, and more than 17 never do (no shortest form is that long).
// Small powers of ten are exact in a double, so that the value is one multiplication or division, correctly rounded.
Quick quick_number(std::string_view text, double& value) {
    static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool negative = !text.empty() && text[0] == '-';
    if (negative) text.remove_prefix(1);
    std::uint64_t mantissa = 0;
    int digits = 0, zeros = 0, exponent = 0;  // zeros: at the end so far, not yet counted
    bool fraction = false;
    for (char c : text) {
        if (c == '.') {
            fraction = true;
            continue;
        }
        if (c < '0' || c > '9') return Quick::unknown;  // with an exponent
        if (fraction) --exponent;
        if (c == '0') {
            if (mantissa != 0) ++zeros;
            continue;
        }
        digits += digits == 0 ? 1 : zeros + 1;
        if (digits > 17) return Quick::no;
        for (; zeros > 0; --zeros) mantissa *= 10;
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(c - '0');
    }
    exponent += zeros;
    if (digits > 15 || exponent > 22 || exponent < -22) return Quick::unknown;
    value = static_cast<double>(mantissa);
    value = exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
    if (negative && mantissa != 0) value = -value;
    return Quick::yes;
}

}  // namespace

std::optional<double> comparable_number(std::string_view text) {
    double value = 0;
    switch (quick_number(text, value)) {
        case Quick::yes: return value;
        case Quick::no: return {};
        case Quick::unknown: break;
    }
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
