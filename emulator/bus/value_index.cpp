#include "emulator/bus/value_index.hpp"

#include <algorithm>

namespace virga::bus {

namespace {

void append(std::vector<SubId>& out, const Posting* found, SubId mark = 0) {
    if (!found) return;
    for (auto id : *found) out.push_back(id | mark);
}

// Where a wildcard is filed: by what it begins with, else by what it ends with, else nowhere.
enum class Affix { none, prefix, suffix };
Affix affix_of(const Wildcard& w) {
    if (!w.pieces().front().empty()) return Affix::prefix;
    if (!w.pieces().back().empty()) return Affix::suffix;
    return Affix::none;
}

}  // namespace

void AffixIndex::add(std::string_view affix, SubId id) {
    texts_.add(affix, id);
    ++lengths_[affix.size()];
}

void AffixIndex::remove(std::string_view affix, SubId id) {
    texts_.remove(affix, id);
    if (auto it = lengths_.find(affix.size()); it != lengths_.end() && --it->second == 0) lengths_.erase(it);
}

std::size_t AffixIndex::count(std::string_view affix) const {
    const auto* posting = texts_.find(affix);
    return posting ? posting->size() : 0;
}

void AffixIndex::find(std::string_view value, std::vector<SubId>& out) const {
    for (const auto& [length, entries] : lengths_) {
        if (length > value.size()) return;
        append(out, texts_.find(suffix_ ? value.substr(value.size() - length) : value.substr(0, length)));
    }
}

std::string ValueIndex::address_key(const Address& a, int bits) {
    std::string key;
    key += static_cast<char>(a.size);
    key += static_cast<char>(bits);
    key.append(reinterpret_cast<const char*>(a.bytes.data()), static_cast<std::size_t>(a.size));
    return key;
}

void ValueIndex::add(const Test& test, SubId id) {
    using Kind = Test::Kind;
    switch (test.kind) {
        case Kind::text: text_.add(test.text, id); return;
        case Kind::raw: raw_.add(test.text, id); return;
        case Kind::number: numbers_[test.low].push_back(id); return;
        case Kind::range: {
            auto at = std::lower_bound(ranges_.begin(), ranges_.end(), test.low, [](const Range& r, double low) { return r.low < low; });
            ranges_.insert(at, {test.low, test.high, id});
            return;
        }
        case Kind::prefix: prefix_.add(test.text, id); return;
        case Kind::suffix: suffix_.add(test.text, id); return;
        case Kind::fold:
            if (auto& ascii = test.folded->ascii()) return folded_.add(*ascii, id);
            break;
        case Kind::fold_prefix:
            if (auto& ascii = test.folded->ascii()) return folded_prefix_.add(*ascii, id);
            break;
        case Kind::fold_suffix:
            if (auto& ascii = test.folded->ascii()) return folded_suffix_.add(*ascii, id);
            break;
        case Kind::wildcard:
            if (affix_of(*test.wild) == Affix::prefix) return prefix_.add(test.wild->pieces().front(), id);
            if (affix_of(*test.wild) == Affix::suffix) return suffix_.add(test.wild->pieces().back(), id);
            break;
        case Kind::address:
        case Kind::cidr: {
            int bits = test.kind == Kind::address ? 8 * test.cidr.network.size : test.cidr.bits;
            ++cidr_sizes_[{test.cidr.network.size, bits}];
            addresses_.add(address_key(test.cidr.network, bits), id);
            return;
        }
        case Kind::present:
        case Kind::none_of: break;
    }
    always_.push_back(id);
}

void ValueIndex::remove(const Test& test, SubId id) {
    using Kind = Test::Kind;
    switch (test.kind) {
        case Kind::text: return text_.remove(test.text, id);
        case Kind::raw: return raw_.remove(test.text, id);
        case Kind::number:
            numbers_[test.low].drop(id);
            if (numbers_[test.low].empty()) numbers_.erase(test.low);
            return;
        case Kind::range:
            std::erase_if(ranges_, [&](const Range& r) { return r.id == id; });
            return;
        case Kind::prefix: return prefix_.remove(test.text, id);
        case Kind::suffix: return suffix_.remove(test.text, id);
        case Kind::fold:
            if (auto& ascii = test.folded->ascii()) return folded_.remove(*ascii, id);
            break;
        case Kind::fold_prefix:
            if (auto& ascii = test.folded->ascii()) return folded_prefix_.remove(*ascii, id);
            break;
        case Kind::fold_suffix:
            if (auto& ascii = test.folded->ascii()) return folded_suffix_.remove(*ascii, id);
            break;
        case Kind::wildcard:
            if (affix_of(*test.wild) == Affix::prefix) return prefix_.remove(test.wild->pieces().front(), id);
            if (affix_of(*test.wild) == Affix::suffix) return suffix_.remove(test.wild->pieces().back(), id);
            break;
        case Kind::address:
        case Kind::cidr: {
            int bits = test.kind == Kind::address ? 8 * test.cidr.network.size : test.cidr.bits;
            auto it = cidr_sizes_.find({test.cidr.network.size, bits});
            if (it != cidr_sizes_.end() && --it->second == 0) cidr_sizes_.erase(it);
            return addresses_.remove(address_key(test.cidr.network, bits), id);
        }
        case Kind::present:
        case Kind::none_of: break;
    }
    always_.drop(id);
}

std::size_t ValueIndex::crowd(const Test& test) const {
    using Kind = Test::Kind;
    // A whole value says more than a part of it, and a part more than "any value".
    constexpr std::size_t part = 4, range = 50, anything = 1000;
    auto size = [](const Posting* p) { return p ? p->size() : 0; };
    switch (test.kind) {
        case Kind::text: return size(text_.find(test.text));
        case Kind::raw: return size(raw_.find(test.text));
        case Kind::number: return numbers_.contains(test.low) ? numbers_.at(test.low).size() : 0;
        case Kind::fold: return test.folded->ascii() ? size(folded_.find(*test.folded->ascii())) : anything;
        case Kind::address: return size(addresses_.find(address_key(test.cidr.network, 8 * test.cidr.network.size)));
        case Kind::prefix: return test.text.empty() ? anything : prefix_.count(test.text) + part;
        case Kind::suffix: return test.text.empty() ? anything : suffix_.count(test.text) + part;
        case Kind::fold_prefix:
        case Kind::fold_suffix: return test.folded->ascii() ? part : anything;
        case Kind::wildcard: return affix_of(*test.wild) == Affix::none ? anything : 2 * part;
        case Kind::cidr: return part + size(addresses_.find(address_key(test.cidr.network, test.cidr.bits)));
        case Kind::range: return range + ranges_.size();
        case Kind::present:
        case Kind::none_of: return anything + always_.size();
    }
    return anything;
}

void ValueIndex::find(const EventValue& value, std::vector<SubId>& out) const {
    append(out, &always_);
    if (value.kind != ValueKind::string) {
        append(out, raw_.find(value.text), sure_bit);
        if (value.kind == ValueKind::number && (!numbers_.empty() || !ranges_.empty())) {
            double number = value.nearest();
            if (auto it = numbers_.find(number); it != numbers_.end()) append(out, &it->second);
            for (const auto& r : ranges_) {
                if (r.low > number) break;
                if (r.high >= number) out.push_back(r.id);
            }
        }
        return;
    }
    append(out, text_.find(value.text), sure_bit);
    prefix_.find(value.text, out);
    suffix_.find(value.text, out);
    if (!folded_.empty() || !folded_prefix_.empty() || !folded_suffix_.empty()) {
        std::string lower = ascii_lower(value.text);
        append(out, folded_.find(lower));
        folded_prefix_.find(lower, out);
        folded_suffix_.find(lower, out);
    }
    if (addresses_.empty() || !value.address()) return;
    for (const auto& [size, entries] : cidr_sizes_)
        if (size.first == value.address()->size) append(out, addresses_.find(address_key(value.address()->network(size.second), size.second)));
}

}  // namespace virga::bus
