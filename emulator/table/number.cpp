#include "emulator/table/number.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

namespace virga::table {

namespace {

constexpr unsigned char class_negative = 0, class_zero = 1, class_positive = 2;

// digits[0] is not 0, nor is the last one; count 0 = zero. Value: d0.d1d2... x 10^exponent.
struct Decimal {
    bool negative = false;
    int exponent = 0;
    int count = 0;
    unsigned char digits[max_number_digits];
};

void append_key_bytes(std::string& out, const Decimal& d) {
    if (d.count == 0) {
        out.push_back(class_zero);
        return;
    }
    const unsigned char flip = d.negative ? 0xff : 0;
    unsigned char bytes[24];
    std::size_t n = 0;
    bytes[n++] = d.negative ? class_negative : class_positive;
    bytes[n++] = static_cast<unsigned char>(d.exponent + 130) ^ flip;
    for (int i = 0; i < d.count; i += 2) {
        int pair = d.digits[i] * 10 + (i + 1 < d.count ? d.digits[i + 1] : 0) + 1;
        bytes[n++] = static_cast<unsigned char>(pair) ^ flip;
    }
    bytes[n++] = flip;
    out.append(reinterpret_cast<char*>(bytes), n);
}

Decimal decode(std::string_view bytes) {
    Decimal d;
    assert(!bytes.empty());
    auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (at(0) == class_zero) return d;
    d.negative = at(0) == class_negative;
    const unsigned char flip = d.negative ? 0xff : 0;
    d.exponent = static_cast<unsigned char>(at(1) ^ flip) - 130;
    for (std::size_t i = 2; i + 1 < bytes.size() && d.count + 2 <= max_number_digits; ++i) {
        int pair = static_cast<unsigned char>(at(i) ^ flip) - 1;
        d.digits[d.count++] = static_cast<unsigned char>(pair / 10);
        d.digits[d.count++] = static_cast<unsigned char>(pair % 10);
    }
    while (d.count > 0 && d.digits[d.count - 1] == 0) --d.count;
    return d;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads an optional sign and digits; caps what it keeps, so that sums with it stay in range. False for anything else, and when 64 bits do not
// hold it (observed).
bool read_exponent(std::string_view text, long& exponent) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return false;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    constexpr std::int64_t cap = 1'000'000'000;
    exponent = static_cast<long>(std::clamp(value, -cap, cap));
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

NumberFault append_number(std::string& out, std::string_view text) {
    Decimal d;
    std::size_t i = 0;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) d.negative = text[i++] == '-';
    bool any = false, point = false, too_precise = false;
    long before_point = 0;  // digits before the point, from the first significant one; negative: zeros after it
    int pending_zeros = 0;  // zeros that count only if another digit follows
    for (; i < text.size(); ++i) {
        char c = text[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        if (c == '0' && d.count == 0) {
            if (point) --before_point;
            continue;
        }
        if (!point) ++before_point;
        if (c == '0') {
            ++pending_zeros;
            continue;
        }
        if (d.count + pending_zeros >= max_number_digits) {
            too_precise = true;
            pending_zeros = 0;
            continue;
        }
        while (pending_zeros > 0) d.digits[d.count++] = 0, --pending_zeros;
        d.digits[d.count++] = static_cast<unsigned char>(c - '0');
    }
    long exponent = 0;
    if (!any) return NumberFault::not_numeric;
    if (i < text.size()) {
        if (text[i] != 'e' && text[i] != 'E') return NumberFault::not_numeric;
        if (!read_exponent(text.substr(i + 1), exponent)) return NumberFault::not_numeric;
    }
    if (d.count == 0) {
        out.push_back(class_zero);
        return NumberFault::none;
    }
    long scientific = before_point - 1 + exponent;
    if (scientific > max_number_exponent) return NumberFault::overflow;
    if (scientific < min_number_exponent) return NumberFault::underflow;
    if (too_precise) return NumberFault::too_precise;
    d.exponent = static_cast<int>(scientific);
    append_key_bytes(out, d);
    return NumberFault::none;
}

void append_number_text(std::string& out, std::string_view key_bytes) {
    const Decimal d = decode(key_bytes);
    if (d.count == 0) {
        out.push_back('0');
        return;
    }
    if (d.negative) out.push_back('-');
    auto digits = [&](int from, int to) {
        for (int i = from; i < to; ++i) out.push_back(static_cast<char>('0' + d.digits[i]));
    };
    if (d.exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-d.exponent - 1), '0');
        digits(0, d.count);
    } else if (d.count <= d.exponent + 1) {
        digits(0, d.count);
        out.append(static_cast<std::size_t>(d.exponent + 1 - d.count), '0');
    } else {
        digits(0, d.exponent + 1);
        out.push_back('.');
        digits(d.exponent + 1, d.count);
    }
}

std::string number_text(std::string_view key_bytes) {
    std::string text;
    append_number_text(text, key_bytes);
    return text;
}

NumberFault append_sum(std::string& out, std::string_view a, std::string_view b, bool subtract) {
    Decimal x = decode(a), y = decode(b);
    if (subtract) y.negative = !y.negative;
    if (x.count == 0 || y.count == 0) {
        append_key_bytes(out, x.count == 0 ? y : x);
        return NumberFault::none;
    }
    // Both on one grid of powers of ten, as digits from the highest to the lowest power; one place more for the carry.
    const int high = std::max(x.exponent, y.exponent) + 1;
    const int low = std::min(x.exponent - x.count + 1, y.exponent - y.count + 1);
    const int width = high - low + 1;
    signed char grid[2 + max_number_exponent - min_number_exponent + max_number_digits] = {};
    auto add = [&](const Decimal& d, int sign) {
        for (int i = 0; i < d.count; ++i) grid[high - d.exponent + i] = static_cast<signed char>(grid[high - d.exponent + i] + sign * d.digits[i]);
    };
    add(x, x.negative ? -1 : 1);
    add(y, y.negative ? -1 : 1);
    // The sign of a sum is the sign of its first place that is not 0: normalise towards it.
    int first = 0;
    while (first < width && grid[first] == 0) ++first;
    Decimal sum;
    if (first == width) {
        append_key_bytes(out, sum);
        return NumberFault::none;
    }
    sum.negative = grid[first] < 0;
    if (sum.negative)
        for (int i = 0; i < width; ++i) grid[i] = static_cast<signed char>(-grid[i]);
    for (int i = width - 1; i > 0; --i) {
        int carry = grid[i] > 9 ? 1 : grid[i] < 0 ? -1 : 0;
        grid[i] = static_cast<signed char>(grid[i] - carry * 10);
        grid[i - 1] = static_cast<signed char>(grid[i - 1] + carry);
    }
    first = 0;
    while (grid[first] == 0) ++first;
    int last = width - 1;
    while (grid[last] == 0) --last;
    sum.exponent = high - first;
    sum.count = last - first + 1;
    if (sum.exponent > max_number_exponent || sum.count > max_number_digits) return NumberFault::overflow;
    if (sum.exponent < min_number_exponent) return NumberFault::underflow;
    for (int i = 0; i < sum.count; ++i) sum.digits[i] = static_cast<unsigned char>(grid[first + i]);
    append_key_bytes(out, sum);
    return NumberFault::none;
}

std::size_t number_size(std::string_view key_bytes) {
    const Decimal d = decode(key_bytes);
    if (d.count == 0) return 1;
    // Significant digits on either side of the point, zeros trimmed at both ends of the number.
    const int before = std::clamp(d.exponent + 1, 0, d.count);
    const int after = d.count - before;
    return static_cast<std::size_t>(1 + (before + 1) / 2 + (after + 1) / 2 + (d.negative ? 1 : 0));
}

std::optional<std::int64_t> number_milliseconds(std::string_view key_bytes) {
    Decimal d = decode(key_bytes);
    if (d.count == 0) return 0;
    const int exponent = d.exponent + 3;
    if (exponent > 17) return std::nullopt;
    std::int64_t value = 0;
    for (int i = 0; i <= exponent; ++i) value = value * 10 + (i < d.count ? d.digits[i] : 0);
    const bool rest = exponent < 0 || d.count > exponent + 1;
    return d.negative ? -value - (rest ? 1 : 0) : value;
}

}  // namespace virga::table
