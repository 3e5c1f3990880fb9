// Finds, for one value of one field, the sub-patterns that ask for such a value.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emulator/bus/compiled_pattern.hpp"
#include "emulator/bus/text_index.hpp"

namespace virga::bus {

// Beginnings (or ends) of texts: one lookup for each length that occurs.
class AffixIndex {
public:
    explicit AffixIndex(bool suffix) : suffix_(suffix) {}
    void add(std::string_view affix, SubId id);
    void remove(std::string_view affix, SubId id);
    std::size_t count(std::string_view affix) const;
    void find(std::string_view value, std::vector<SubId>& out) const;
    bool empty() const { return lengths_.empty(); }

private:
    bool suffix_;
    TextIndex texts_;
    std::map<std::size_t, std::size_t> lengths_;  // length -> how many entries
};

// The tests of many sub-patterns on one field, arranged so that a value is looked up, not tried against each: the cost of
// find() grows with the value and with what it finds. What it finds is a superset: the caller verifies.
class ValueIndex {
public:
    void add(const Test& test, SubId id);
    void remove(const Test& test, SubId id);
    void find(const EventValue& value, std::vector<SubId>& out) const;
    // How many candidates, roughly, a sub-pattern that is found by this test shares its place with.
    std::size_t crowd(const Test& test) const;

private:
    struct Range {
        double low, high;
        SubId id;
    };
    static std::string address_key(const Address& a, int bits);

    TextIndex text_, raw_, folded_, addresses_;
    std::unordered_map<double, Posting> numbers_;
    AffixIndex prefix_{false}, suffix_{true}, folded_prefix_{false}, folded_suffix_{true};
    std::vector<Range> ranges_;  // sorted by low
    std::map<std::pair<int, int>, std::size_t> cidr_sizes_;  // {address size, bits} -> how many entries
    Posting always_;  // tests that nearly every value passes, or that have no order
};

}  // namespace virga::bus
