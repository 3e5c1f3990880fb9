#include "emulator/table/key_condition.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::table {

namespace {

[[noreturn]] void refuse(std::string_view why) { throw errors::validation(fmt::format("Invalid KeyConditionExpression: {}", why)); }

class Extractor {
public:
    explicit Extractor(const Bound& bound) : bound_(bound) {}

    std::vector<KeyTest> run() {
        visit(bound_.expression->root);
        return std::move(tests_);
    }

private:
    void visit(const Node& node) {
        switch (node.op) {
            case Op::and_:
                for (const Node& arg : node.args) visit(arg);
                return;
            case Op::or_: case Op::not_: case Op::in: case Op::ne:
                throw errors::validation(fmt::format("Invalid operator used in KeyConditionExpression: {}", op_name(node.op)));
            case Op::function:
                if (node.function != Function::begins_with)
                    throw errors::validation(fmt::format("Invalid operator used in KeyConditionExpression: {}", function_name(node.function)));
                require_path_first(node, "begins_with");
                break;
            case Op::between: require_path_first(node, "BETWEEN"); break;
            default: break;
        }
        add_test(node);
    }

    static void require_path_first(const Node& node, std::string_view what) {
        if (node.args[0].op != Op::path)
            throw errors::validation(
                fmt::format("Invalid condition in KeyConditionExpression: {} operator must have the key attribute as its first operand", what));
    }

    void add_test(const Node& node) {
        KeyTest test;
        test.op = node.op;
        bool path_first = true;
        for (std::size_t i = 0; i < node.args.size(); ++i) {
            const Node& arg = node.args[i];
            if (arg.op == Op::function) throw errors::validation("KeyConditionExpressions cannot contain nested operations");
            if (arg.op == Op::value) {
                test.values.push_back(bound_.values[arg.ref]);
                continue;
            }
            if (!test.name.empty())
                throw errors::validation("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
            if (bound_.path(arg.ref).size() > 1) throw errors::validation("KeyConditionExpressions cannot have conditions on nested attributes");
            test.name = bound_.root_name(arg.ref);
            path_first = i == 0;
        }
        if (test.name.empty()) throw errors::validation("Invalid condition in KeyConditionExpression: No key attribute specified");
        for (const KeyTest& known : tests_)
            if (known.name == test.name) refuse("KeyConditionExpressions must only contain one condition per key");
        if (!path_first) test.op = mirrored(test.op);
        tests_.push_back(std::move(test));
    }

    static Op mirrored(Op op) {
        switch (op) {
            case Op::lt: return Op::gt;
            case Op::le: return Op::ge;
            case Op::gt: return Op::lt;
            case Op::ge: return Op::le;
            default: return op;
        }
    }

    const Bound& bound_;
    std::vector<KeyTest> tests_;
};

// The first bytes that no longer begin with `prefix`.
std::string end_of_prefix(std::string prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
    if (prefix.empty()) return KeyRange().high;
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

class Placer {
public:
    Placer(const std::vector<KeyPart>& hash, const std::vector<KeyPart>& range, const std::vector<KeyTest>& tests)
        : hash_(hash), range_(range), tests_(tests) {}

    KeyPlace run() {
        if (tests_.size() > hash_.size() + range_.size())
            throw hash_.size() + range_.size() > 2 || tests_.size() > 2
                ? errors::validation(fmt::format("The number of query conditions ({}) exceeds the number of key attributes defined in the schema ({})",
                                                 tests_.size(), hash_.size() + range_.size()))
                : errors::validation("Query key condition not supported");
        for (const KeyPart& part : hash_) {
            const KeyTest& test = require(part);
            check_types(part, test);
            if (test.op != Op::eq) throw errors::validation("Query key condition not supported");
            check_values(part, true, test);
            append_key_part(place_.hk, test.values[0], hash_.size());
        }
        std::size_t used = hash_.size();
        std::string prefix;
        place_range(prefix, used);
        return std::move(place_);
    }

private:
    const KeyTest* find(const KeyPart& part) const {
        auto it = std::find_if(tests_.begin(), tests_.end(), [&](const KeyTest& t) { return t.name == part.name; });
        return it == tests_.end() ? nullptr : &*it;
    }

    const KeyTest& require(const KeyPart& part) const {
        const KeyTest* test = find(part);
        if (!test) throw errors::validation(fmt::format("Query condition missed key schema element: {}", part.name));
        return *test;
    }

    static void check_types(const KeyPart& part, const KeyTest& test) {
        if (test.op == Op::ne) throw errors::validation("Attempted conditional constraint is not an indexable operation");
        for (ValueView v : test.values)
            if (v.type() != part.type) throw errors::invalid_parameter("Condition parameter type does not match schema type");
    }

    static void check_values(const KeyPart& part, bool hash, const KeyTest& test) {
        check_types(part, test);
        for (ValueView v : test.values) {
            if (v.content().empty() && (hash || test.op == Op::eq)) throw errors::empty_key_value(part.name, part.type == Type::b);
            const std::size_t limit = hash ? limits::hash_key_bytes : limits::range_key_bytes;
            if (v.content().size() > limit) throw hash ? errors::hash_key_too_long() : errors::range_key_too_long();
        }
    }

    // Range parts left to right: equalities lengthen the prefix, the last test may be a range.
    void place_range(std::string& prefix, std::size_t used) {
        for (std::size_t i = 0; i < range_.size(); ++i) {
            const KeyTest* test = find(range_[i]);
            if (!test) {
                check_no_gap(i, used);
                break;
            }
            ++used;
            check_values(range_[i], false, *test);
            if (test->op == Op::eq && i + 1 < range_.size()) {
                append_key_part(prefix, test->values[0], range_.size());
                continue;
            }
            set_range(prefix, *test, i + 1 == range_.size());
            if (used < tests_.size()) report_gap(i, i + 1);
            return;
        }
        if (used < tests_.size()) blame_unknown();
        place_.range.low = prefix;
        place_.range.high = end_of_prefix(prefix);
    }

    void check_no_gap(std::size_t missing, std::size_t) const {
        for (std::size_t i = missing + 1; i < range_.size(); ++i)
            if (find(range_[i])) report_gap(missing, i);
    }

    [[noreturn]] void report_gap(std::size_t open, std::size_t later) const {
        for (std::size_t i = later; i < range_.size(); ++i)
            if (find(range_[i]))
                throw errors::validation(fmt::format("RANGE key attributes {} must have equality conditions specified in the query because a condition is present "
                                                     "on key attribute {}",
                                                     range_[open].name, range_[i].name));
        blame_unknown();
    }

    // A test names an attribute that is no key: the schema element that it stands instead of is missing.
    [[noreturn]] void blame_unknown() const {
        for (const KeyPart& p : range_)
            if (!find(p)) throw errors::validation(fmt::format("Query condition missed key schema element: {}", p.name));
        throw errors::validation("Query key condition not supported");
    }

    void set_range(const std::string& prefix, const KeyTest& test, bool last_part) {
        const std::size_t parts = range_.size();
        auto bytes = [&](std::size_t i) {
            std::string key = prefix;
            append_key_part(key, test.values[i], parts);
            return key;
        };
        const std::string end = prefix.empty() ? KeyRange().high : end_of_prefix(prefix);
        // The first key greater than all that have this value in this part.
        auto beyond = [&](std::string key) { return last_part && parts == 1 ? key + '\0' : end_of_prefix(std::move(key)); };
        KeyRange& r = place_.range;
        switch (test.op) {
            case Op::eq: r = {bytes(0), beyond(bytes(0))}; break;
            case Op::lt: r = {prefix, bytes(0)}; break;
            case Op::le: r = {prefix, beyond(bytes(0))}; break;
            case Op::gt: r = {beyond(bytes(0)), end}; break;
            case Op::ge: r = {bytes(0), end}; break;
            case Op::between: r = {bytes(0), beyond(bytes(1))}; break;
            case Op::function: {
                if (test.values[0].type() == Type::n) throw errors::validation("Query key condition not supported");
                std::string start = bytes(0);
                if (parts > 1) start.resize(start.size() - 2);  // without the end of the part
                r = {start, end_of_prefix(start)};
                if (start.empty()) r.high = KeyRange().high;
                break;
            }
            default: throw errors::validation("Query key condition not supported");
        }
    }

    const std::vector<KeyPart>&hash_, &range_;
    const std::vector<KeyTest>& tests_;
    KeyPlace place_;
};

}  // namespace

std::vector<KeyTest> key_tests(const Bound& condition) { return Extractor(condition).run(); }

KeyPlace place(const Table& table, const Index* index, const std::vector<KeyTest>& tests) {
    if (index) return Placer(index->hash, index->range, tests).run();
    const std::vector<KeyPart> hash{table.hash};
    std::vector<KeyPart> range;
    if (table.range) range.push_back(*table.range);
    return Placer(hash, range, tests).run();
}

}  // namespace virga::table
