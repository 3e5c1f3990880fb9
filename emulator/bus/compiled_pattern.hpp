// What a pattern is after parsing: a choice of conjunctions of tests.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/address.hpp"
#include "emulator/bus/event_value.hpp"
#include "emulator/bus/letter_case.hpp"
#include "emulator/bus/wildcard.hpp"

namespace virga::bus {

// One alternative for one field: a test of a scalar.
struct Test {
    enum class Kind : std::uint8_t {
        text,          // the string `text`
        raw,           // the number or literal written as `text`
        number,        // a number equal to low
        range,         // a number between low and high
        prefix, suffix,
        fold, fold_prefix, fold_suffix,
        wildcard,
        address,       // a string that is the address `cidr.network`
        cidr,
        present,       // any scalar
        none_of,       // any scalar that none of `others` accepts
    };

    Kind kind = Kind::present;
    std::string text;
    double low = 0, high = 0;
    bool open_low = false, open_high = false;  // range: the bound itself is outside
    Cidr cidr;
    std::shared_ptr<const FoldedText> folded;
    std::shared_ptr<const Wildcard> wild;
    std::vector<Test> others;

    bool accepts(const EventValue& value) const;
};

// All alternatives for one field: one of the tests accepts one of its values, or `absent` and it has no value.
struct FieldTests {
    std::string path;  // names joined by '.'
    std::vector<Test> any;
    bool absent = false;
    std::string source;  // the alternatives as the pattern says them: ["a",{"prefix":"b"}]
};

// All fields must agree, in the order of their paths.
struct SubPattern {
    std::vector<std::shared_ptr<const FieldTests>> fields;
};

// The event matches when one of the sub-patterns does ($or makes more than one).
struct CompiledPattern {
    std::vector<SubPattern> any;
    bool has_wildcards() const;
};

}  // namespace virga::bus
