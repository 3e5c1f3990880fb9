// One scalar of an event, as the tests of a pattern see it.
#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/bus/address.hpp"
#include "emulator/bus/number.hpp"

namespace virga::bus {

enum class ValueKind : std::uint8_t { string, number, literal };  // literal: true, false, null

// The text of a string is unescaped and without quotes; of a number or a literal it is as it was written. What is costly to know
// (the number's value, the address) is found out when first asked, so a value belongs to one thread.
class EventValue {
public:
    EventValue() = default;
    EventValue(ValueKind kind_, std::string_view text_) : kind(kind_), text(text_) {}

    ValueKind kind = ValueKind::literal;
    std::string_view text;

    const std::optional<double>& number() const {
        if (!number_known_) {
            number_known_ = true;
            number_ = kind == ValueKind::number ? comparable_number(text) : std::nullopt;
        }
        return number_;
    }
    // The nearest double, whether or not the number can be compared: what number() holds, if it holds anything. Cheaper.
    double nearest() const {
        double value = 0;
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() ? value : number().value_or(0);
    }
    const std::optional<Address>& address() const {
        if (!address_known_) {
            address_known_ = true;
            address_ = kind == ValueKind::string ? read_address(text) : std::nullopt;
        }
        return address_;
    }

private:
    mutable bool number_known_ = false, address_known_ = false;
    mutable std::optional<double> number_;
    mutable std::optional<Address> address_;
};

}  // namespace virga::bus
