#include "emulator/table/partiql_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::table::partiql {

namespace {

constexpr std::size_t most_branches = 1000;  // a clause with more is read by scanning, or refused when it names the hash key

// One condition of an AND. `test` is set when it is one on a key attribute that narrows what is read.
struct Condition {
    const Node* node;
    std::optional<KeyTest> test;
};
using Branch = std::vector<Condition>;

class Planner {
public:
    Planner(const Bound& where, const KeyPart& hash, const KeyPart* range) : where_(where), hash_(hash), range_(range) {}

    // The clause as ORed branches of ANDed conditions; nothing when there are too many. An OR without key attributes is one
    // condition like any other.
    std::optional<std::vector<Branch>> branches(const Node& node) const {
        if (node.op == Op::and_ || (node.op == Op::or_ && mentions_key(node))) {
            auto a = branches(node.args[0]), b = branches(node.args[1]);
            if (!a || !b) return std::nullopt;
            if (node.op == Op::or_) {
                a->insert(a->end(), b->begin(), b->end());
                return a->size() > most_branches ? std::nullopt : a;
            }
            if (a->size() * b->size() > most_branches) return std::nullopt;
            std::vector<Branch> all;
            for (const Branch& x : *a)
                for (const Branch& y : *b) {
                    all.push_back(x);
                    all.back().insert(all.back().end(), y.begin(), y.end());
                }
            return all;
        }
        if (node.op == Op::in && part_of(node.args[0])) {
            std::vector<Branch> one_each;
            for (std::size_t i = 1; i < node.args.size(); ++i) {
                if (node.args[i].op != Op::value) return std::vector<Branch>{{Condition{&node, {}}}};
                one_each.push_back({Condition{&node, KeyTest{part_of(node.args[0])->name, Op::eq, {where_.values[node.args[i].ref]}}}});
            }
            return one_each;
        }
        return std::vector<Branch>{{Condition{&node, key_test(node)}}};
    }

    // The key attribute a node is, if it is one.
    const KeyPart* part_of(const Node& node) const {
        if (node.op != Op::path || where_.path(node.ref).size() != 1) return nullptr;
        const auto name = where_.root_name(node.ref);
        if (name == hash_.name) return &hash_;
        return range_ && name == range_->name ? range_ : nullptr;
    }

    // True when the node, or one below it, speaks of a key attribute.
    bool mentions_key(const Node& node) const {
        return part_of(node) || std::any_of(node.args.begin(), node.args.end(), [&](const Node& a) { return mentions_key(a); });
    }

    // The same of one of them.
    bool mentions_hash(const Node& node) const { return mentions(node, &hash_); }
    bool mentions_range(const Node& node) const { return range_ && mentions(node, range_); }

    // A key attribute has nothing inside.
    void check_no_nested_key(const Node& node) const {
        if (node.op == Op::path && where_.path(node.ref).size() > 1)
            for (const KeyPart* part : {&hash_, range_})
                if (part && where_.root_name(node.ref) == part->name) throw errors::nested_key(part->name);
        for (const Node& arg : node.args) check_no_nested_key(arg);
    }

private:
    bool mentions(const Node& node, const KeyPart* part) const {
        return part_of(node) == part || std::any_of(node.args.begin(), node.args.end(), [&](const Node& a) { return mentions(a, part); });
    }

    std::optional<KeyTest> key_test(const Node& node) const {
        static constexpr Op mirrored[] = {Op::eq, Op::ne, Op::gt, Op::ge, Op::lt, Op::le};
        switch (node.op) {
            case Op::eq: case Op::lt: case Op::le: case Op::gt: case Op::ge: {
                const bool path_first = node.args[0].op == Op::path;
                const Node &path = node.args[path_first ? 0 : 1], &value = node.args[path_first ? 1 : 0];
                const KeyPart* part = part_of(path);
                if (!part || value.op != Op::value) return std::nullopt;
                const Op op = path_first ? node.op : mirrored[static_cast<int>(node.op) - static_cast<int>(Op::eq)];
                if (part == &hash_ && op != Op::eq) return std::nullopt;
                return KeyTest{part->name, op, {where_.values[value.ref]}};
            }
            case Op::between:
                if (!range_ || part_of(node.args[0]) != range_ || node.args[1].op != Op::value || node.args[2].op != Op::value) return std::nullopt;
                return KeyTest{range_->name, Op::between, {where_.values[node.args[1].ref], where_.values[node.args[2].ref]}};
            case Op::function:
                if (node.function != Function::begins_with || !range_ || part_of(node.args[0]) != range_ || node.args[1].op != Op::value) return std::nullopt;
                return KeyTest{range_->name, Op::function, {where_.values[node.args[1].ref]}};
            default: return std::nullopt;
        }
    }

    const Bound& where_;
    const KeyPart& hash_;
    const KeyPart* range_;
};

void check_type(const KeyPart& part, const KeyTest& test) {
    for (ValueView v : test.values)
        if (v.type() != part.type) throw errors::key_data_type(part.name);
}

void root_names(const Bound& where, const Node& node, std::vector<std::string>& out) {
    if (node.op == Op::path) out.emplace_back(where.root_name(node.ref));
    for (const Node& arg : node.args) root_names(where, arg, out);
}

struct Keys {
    const KeyPart* hash;
    const KeyPart* range;
};

Keys keys_of(const Table& table, const Index* index) {
    if (index) return {&index->hash[0], index->range.empty() ? nullptr : &index->range[0]};
    return {&table.hash, table.range ? &*table.range : nullptr};
}

// What a branch reads: nothing when its conditions exclude each other.
struct BranchRange {
    ReadRange read;
    bool negated = false;  // it has a condition on the sort key that does not narrow the range
};

class Reader {
public:
    Reader(const Table& table, const Index* index, const Bound& where, const Planner& planner, Keys keys)
        : table_(table), index_(index), where_(where), planner_(planner), keys_(keys) {}

    // False when a branch does not pin the partition.
    bool add(const Branch& branch) {
        const KeyTest* hash = nullptr;
        bool contradiction = false, negated = false;
        for (const Condition& c : branch) {
            if (!c.test) {
                negated |= planner_.mentions_range(*c.node);
                continue;
            }
            if (c.test->name != keys_.hash->name) continue;
            contradiction |= hash && hash->values[0] != c.test->values[0];
            hash = &*c.test;
        }
        if (!hash) return false;
        check_type(*keys_.hash, *hash);
        BranchRange out;
        KeyPlace whole = place(table_, index_, {*hash});
        out.read = {whole.hk, whole.range};
        out.negated = negated;
        for (const Condition& c : branch) {
            if (!c.test || c.test->name == keys_.hash->name) continue;
            check_type(*keys_.range, *c.test);
            const KeyRange range = place(table_, index_, {*hash, *c.test}).range;
            out.read.range.low = std::max(out.read.range.low, range.low);
            out.read.range.high = std::min(out.read.range.high, range.high);
        }
        if (!contradiction && out.read.range.low < out.read.range.high) ranges_.push_back(std::move(out));
        return true;
    }

    // Ascending. Ranges that overlap are refused, save where one is only there for a negated condition: these are joined.
    std::vector<ReadRange> finish() {
        std::sort(ranges_.begin(), ranges_.end(), [](const BranchRange& a, const BranchRange& b) {
            return std::tie(a.read.hk, a.read.range.low) < std::tie(b.read.hk, b.read.range.low);
        });
        std::vector<BranchRange> joined;
        for (BranchRange& r : ranges_) {
            BranchRange* last = joined.empty() ? nullptr : &joined.back();
            if (!last || last->read.hk != r.read.hk || last->read.range.high <= r.read.range.low) {
                joined.push_back(std::move(r));
                continue;
            }
            if (!last->negated && !r.negated) throw errors::overlapping_conditions();
            last->read.range.high = std::max(last->read.range.high, r.read.range.high);
            last->negated = true;
        }
        std::vector<ReadRange> out;
        for (BranchRange& r : joined) out.push_back(std::move(r.read));
        return out;
    }

    std::vector<std::string> unprojected(const Branch& branch) const {
        std::vector<std::string> names, missing;
        for (const Condition& c : branch)
            if (!c.test) root_names(where_, *c.node, names);
        for (const std::string& name : names)
            if (index_ && !projects(table_, *index_, name) && std::find(missing.begin(), missing.end(), name) == missing.end()) missing.push_back(name);
        return missing;
    }

private:
    const Table& table_;
    const Index* index_;
    const Bound& where_;
    const Planner& planner_;
    Keys keys_;
    std::vector<BranchRange> ranges_;
};

void apply_order(const Statement& s, Keys keys, ReadPlan& plan) {
    bool hash_ordered = false, hash_descending = false;
    for (const Statement::Order& o : s.order) {
        if (o.name == keys.hash->name) {
            hash_ordered = true;
            hash_descending = o.descending;
        } else if (keys.range && o.name == keys.range->name) {
            plan.forward = !o.descending;
        } else {
            throw errors::validation(fmt::format("Variable reference {} in ORDER BY clause must be part of the primary key", o.name));
        }
    }
    if (s.order.empty()) return;
    if (!plan.keyed) throw errors::validation("Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
    const bool several = !plan.ranges.empty() && plan.ranges.front().hk != plan.ranges.back().hk;
    if (several && !hash_ordered)
        throw errors::validation("Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.");
    // Partitions one way, the ranges within each the other way when the two orders differ.
    if (hash_descending != !plan.forward) {
        for (auto from = plan.ranges.begin(); from != plan.ranges.end();) {
            auto to = std::find_if(from, plan.ranges.end(), [&](const ReadRange& r) { return r.hk != from->hk; });
            std::reverse(from, to);
            from = to;
        }
    }
    if (hash_descending) std::reverse(plan.ranges.begin(), plan.ranges.end());
}

}  // namespace

std::optional<NamedItem> named_item(const Table& table, const Bound& where) {
    if (!where) return std::nullopt;
    const Keys keys = keys_of(table, nullptr);
    const Planner planner(where, *keys.hash, keys.range);
    ValueView hash, range;
    bool nothing_else = true;
    std::vector<const Node*> open{&where.expression->root};
    while (!open.empty()) {
        const Node& node = *open.back();
        open.pop_back();
        if (node.op == Op::and_) {
            open.push_back(&node.args[1]);
            open.push_back(&node.args[0]);
            continue;
        }
        const bool path_first = node.op == Op::eq && node.args[0].op == Op::path;
        const KeyPart* part = node.op == Op::eq ? planner.part_of(node.args[path_first ? 0 : 1]) : nullptr;
        if (!part || node.args[path_first ? 1 : 0].op != Op::value) {
            nothing_else = false;
            continue;
        }
        ValueView value = where.values[node.args[path_first ? 1 : 0].ref];
        if (value.type() != part->type) throw errors::key_data_type(part->name);
        ValueView& known = part == keys.hash ? hash : range;
        if (known && known != value) throw errors::several_conditions_on_key(part->name);
        known = value;
    }
    if (!hash || (keys.range && !range)) return std::nullopt;
    NamedItem out{{}, nothing_else};
    const bool range_first = range && keys.range->name < keys.hash->name;
    auto add = [&](const KeyPart& part, ValueView value) {
        append_varint(out.key, part.name.size());
        out.key += part.name;
        out.key += value.bytes();
    };
    append_varint(out.key, range ? 2 : 1);
    if (range_first) add(*keys.range, range);
    add(*keys.hash, hash);
    if (range && !range_first) add(*keys.range, range);
    return out;
}

ReadPlan plan_read(const Table& table, const Index* index, const Statement& statement, const Bound& where) {
    ReadPlan plan;
    const Keys keys = keys_of(table, index);
    if (where) {
        const Planner planner(where, *keys.hash, keys.range);
        planner.check_no_nested_key(where.expression->root);
        if (auto branches = planner.branches(where.expression->root)) {
            Reader reader(table, index, where, planner, keys);
            plan.keyed = std::all_of(branches->begin(), branches->end(), [&](const Branch& b) { return reader.add(b); });
            if (plan.keyed && branches->size() > limits::statement_reads) throw errors::too_many_reads();
            if (plan.keyed) plan.ranges = reader.finish();
            for (const Branch& b : *branches) {
                plan.unprojected = reader.unprojected(b);
                if (plan.unprojected.empty()) break;
            }
        } else if (planner.mentions_hash(where.expression->root)) {
            throw errors::too_many_reads();
        }
    }
    apply_order(statement, keys, plan);
    return plan;
}

}  // namespace virga::table::partiql
