#include "emulator/bus/pattern_parser.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "emulator/bus/json_text.hpp"
#include "emulator/bus/match_expression.hpp"

namespace virga::bus {

namespace {

using Token = PatternLexer::Token;

// A member of a branch of "$or" with one of these names makes it no choice.
constexpr std::array<std::string_view, 24> reserved_in_or = {
    "exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr", "=", "<", "<=", ">", ">=",
    "regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range",
    "ip-address-in-range", "ip-address-not-in-range"};

// One sub-pattern in the making. Of equal paths the last wins, across "$or" too.
using Draft = std::map<std::string, std::shared_ptr<const FieldTests>>;

class Parser {
public:
    Parser(std::string_view source, bool choices) : in_(source), source_(source), choices_(choices) {}

    std::vector<Draft> run() {
        if (in_.next() != Token::start_object) in_.fail("Filter is not an object");
        std::vector<Draft> drafts;
        object(drafts, "", false);
        return drafts;
    }

    [[noreturn]] void fail(const std::string& reason) { in_.fail(reason); }

private:
    // Members of an object whose brace was read.
    void object(std::vector<Draft>& drafts, const std::string& path, bool branch) {
        bool empty = true;
        while (in_.next() != Token::end_object) {
            empty = false;
            std::string name = in_.text();
            if (branch && std::find(reserved_in_or.begin(), reserved_in_or.end(), name) != reserved_in_or.end())
                in_.fail(name + " is Ruler reserved fieldName which cannot be used inside $or.");
            in_.next();
            if (in_.token() != Token::start_object && in_.token() != Token::start_array)
                in_.fail("\"" + name + "\" must be an object or an array");
            if (in_.token() == Token::start_array && choices_ && name == "$or") {
                choice(drafts, path);
                continue;
            }
            std::string below = path.empty() ? name : path + "." + name;
            if (in_.token() == Token::start_object) object(drafts, below, false);
            else field(drafts, below);
        }
        if (empty) in_.fail("Empty objects are not allowed");
    }

    // The branches of a "$or" whose bracket was read: every draft goes on once with each.
    void choice(std::vector<Draft>& drafts, const std::string& path) {
        std::vector<Draft> before = drafts.empty() ? std::vector<Draft>(1) : std::move(drafts);
        drafts.clear();
        int branches = 0;
        while (in_.next() != Token::end_array) {
            if (in_.token() != Token::start_object) in_.fail("Only JSON object is allowed in array of $or relationship.");
            ++branches;
            std::vector<Draft> with = before;
            object(with, path, true);
            drafts.insert(drafts.end(), with.begin(), with.end());
            if (drafts.size() > max_sub_patterns) in_.fail("Too many combinations in $or relationship.");
        }
        if (branches < 2) in_.fail("There must have at least 2 Objects in $or relationship.");
    }

    // The alternatives of a field whose bracket was read.
    void field(std::vector<Draft>& drafts, const std::string& path) {
        auto tests = std::make_shared<FieldTests>();
        tests->path = path;
        std::size_t begin = in_.token_start();
        while (in_.next() != Token::end_array) {
            switch (in_.token()) {
                case Token::start_object: {
                    auto expression = read_match_expression(in_);
                    if (expression.absent) tests->absent = true;
                    else tests->any.push_back(std::move(expression.test));
                    break;
                }
                case Token::string:
                case Token::number:
                case Token::literal:
                    for (auto& t : read_scalar(in_)) tests->any.push_back(std::move(t));
                    break;
                default: in_.fail("Match value must be String, number, true, false, or null");
            }
        }
        if (tests->any.empty() && !tests->absent) in_.fail("Empty arrays are not allowed");
        compact_json(source_.substr(begin, in_.offset() - begin), tests->source);
        if (drafts.empty()) drafts.emplace_back();
        for (auto& draft : drafts) draft[path] = tests;
    }

    PatternLexer in_;
    std::string_view source_;
    bool choices_;
};

void add_wildcards(const std::vector<Test>& tests, std::vector<const Wildcard*>& out) {
    for (const auto& t : tests) {
        if (t.kind == Test::Kind::wildcard) out.push_back(t.wild.get());
        add_wildcards(t.others, out);
    }
}

void check_complexity(const std::vector<Draft>& drafts, Parser& parser) {
    std::map<std::string_view, std::vector<const Wildcard*>> by_path;
    for (const auto& draft : drafts)
        for (const auto& [path, tests] : draft) {
            auto& all = by_path[path];
            std::vector<const Wildcard*> here;
            add_wildcards(tests->any, here);
            for (const auto* w : here)
                if (std::find(all.begin(), all.end(), w) == all.end()) all.push_back(w);
        }
    for (const auto& [path, wildcards] : by_path)
        if (wildcard_complexity(wildcards, max_wildcard_complexity) > max_wildcard_complexity)
            parser.fail("Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character");
}

CompiledPattern parse(std::string_view json, bool choices) {
    Parser parser(json, choices);
    auto drafts = parser.run();
    check_complexity(drafts, parser);
    CompiledPattern out;
    for (const auto& draft : drafts) {
        if (draft.size() > max_fields) parser.fail("Rule exceeds " + std::to_string(max_fields) + " fields");
        SubPattern sub;
        for (const auto& [path, tests] : draft) sub.fields.push_back(tests);
        out.any.push_back(std::move(sub));
    }
    return out;
}

}  // namespace

CompiledPattern parse_pattern(std::string_view json) {
    try {
        return parse(json, true);
    } catch (const PatternError&) {
        return parse(json, false);
    }
}

}  // namespace virga::bus
