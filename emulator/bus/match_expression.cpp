#include "emulator/bus/match_expression.hpp"

#include <limits>

namespace virga::bus {

namespace {

using Token = PatternLexer::Token;
using Kind = Test::Kind;

Test text_test(Kind kind, std::string_view text) {
    Test t;
    t.kind = kind;
    t.text = text;
    if (kind == Kind::fold || kind == Kind::fold_prefix || kind == Kind::fold_suffix) t.folded = std::make_shared<FoldedText>(text);
    return t;
}

Test wildcard_test(PatternLexer& in) {
    Test t;
    t.kind = Kind::wildcard;
    t.text = in.text();
    try {
        t.wild = std::make_shared<Wildcard>(t.text);
    } catch (const WildcardError& e) {
        in.fail(e.what());
    }
    return t;
}

double comparable(PatternLexer& in, const std::string& text) {
    auto n = comparable_number(text);
    if (!n) in.fail("Cannot compare number : " + text);
    return *n;
}

Test number_test(PatternLexer& in) {
    Test t;
    t.kind = Kind::number;
    t.text = in.text();
    t.low = t.high = comparable(in, t.text);
    return t;
}

void expect_end(PatternLexer& in) {
    if (in.next() != Token::end_object) in.fail("Only one key allowed in match expression");
}

// {"prefix": "s"} and the like, of which the operator was read.
Test read_text_operator(PatternLexer& in, Kind kind, const char* name) {
    if (in.next() != Token::string) in.fail(std::string(name) + " match pattern must be a string");
    Test t = kind == Kind::wildcard ? wildcard_test(in) : text_test(kind, in.text());
    expect_end(in);
    return t;
}

// {"prefix": "s"} or {"prefix": {"equals-ignore-case": "s"}}; the same for suffix.
Test read_affix(PatternLexer& in, Kind kind, Kind folded, const char* name, const char* title) {
    auto token = in.next();
    if (token == Token::start_object) {
        if (in.next() != Token::name) in.fail(std::string(title) + " expression name not found");
        if (in.text() != "equals-ignore-case") in.fail("Unsupported " + std::string(name) + " pattern: " + in.text());
        if (in.next() != Token::string) in.fail("equals-ignore-case match pattern must be a string");
        Test t = text_test(folded, in.text());
        expect_end(in);
        expect_end(in);
        return t;
    }
    if (token != Token::string) in.fail(std::string(name) + " match pattern must be a string");
    Test t = text_test(kind, in.text());
    expect_end(in);
    return t;
}

// The upper part of [">", 1, "<", 2], of which the lower was read.
void read_upper_bound(PatternLexer& in, Test& range) {
    if (in.next() == Token::end_array) return;
    if (in.token() != Token::string) in.fail("Bad value in numeric range: " + in.text());
    std::string op = in.text();
    if (op != "<" && op != "<=") in.fail("Bad numeric range operator: " + op);
    range.open_high = op == "<";
    in.next();
    if (!in.is_number()) in.fail("Value of " + op + " must be numeric");
    std::string top = in.text();
    if (in.next() != Token::end_array) in.fail("Too many terms in numeric range expression");
    range.high = comparable(in, top);
    if (range.low >= range.high) in.fail("Bottom must be less than top");
}

Test read_numeric(PatternLexer& in) {
    if (in.next() != Token::start_array) in.fail("Value of numeric must be an array.");
    if (in.next() != Token::string) in.fail("Invalid member in numeric match: " + in.text());
    std::string op = in.text();
    in.next();
    Test t;
    t.kind = Kind::range;
    t.low = -std::numeric_limits<double>::infinity();
    t.high = std::numeric_limits<double>::infinity();
    if (op == "=" || op == "<" || op == "<=") {
        if (!in.is_number()) in.fail(op == "=" ? "Value of equals must be numeric" : "Value of " + op + " must be numeric");
        std::string bound = in.text();
        if (in.next() != Token::end_array) in.fail("Too many elements in numeric expression");
        t.high = comparable(in, bound);
        t.open_high = op == "<";
        if (op == "=") {
            t.kind = Kind::number;
            t.low = t.high;
            t.text = bound;
        }
    } else if (op == ">" || op == ">=") {
        if (!in.is_number()) in.fail("Value of " + op + " must be numeric");
        t.low = comparable(in, in.text());
        t.open_low = op == ">";
        read_upper_bound(in, t);
    } else {
        in.fail("Unrecognized numeric range operator: " + op);
    }
    expect_end(in);
    return t;
}

// The list of {"anything-but": [..]}, of which the bracket was read.
std::vector<Test> read_excluded_list(PatternLexer& in) {
    std::vector<Test> out;
    bool numbers = false, strings = false;
    while (in.next() != Token::end_array) {
        if (in.token() == Token::string) {
            out.push_back(text_test(Kind::text, in.text()));
            strings = true;
        } else if (in.is_number()) {
            out.push_back(number_test(in));
            numbers = true;
        } else {
            in.fail("Inside anything but list, start|null|boolean is not supported.");
        }
    }
    if (numbers == strings) in.fail("Inside anything but list, either all values are number or string, mixed type is not supported");
    return out;
}

// {"anything-but": {"prefix": "s"}}, with prefix, suffix, equals-ignore-case or wildcard, and one string or a list of them.
// The inner brace was read.
std::vector<Test> read_excluded_operator(PatternLexer& in) {
    if (in.next() != Token::name) in.fail("Anything-But expression name not found");
    std::string op = in.text();
    Kind kind;
    if (op == "prefix") kind = Kind::prefix;
    else if (op == "suffix") kind = Kind::suffix;
    else if (op == "equals-ignore-case") kind = Kind::fold;
    else if (op == "wildcard") kind = Kind::wildcard;
    else in.fail("Unsupported anything-but pattern: " + op);

    auto read = [&] {
        bool affix = kind == Kind::prefix || kind == Kind::suffix;
        if (affix && in.text().empty()) in.fail("Null prefix/suffix not allowed");
        return kind == Kind::wildcard ? wildcard_test(in) : text_test(kind, in.text());
    };
    std::vector<Test> out;
    in.next();
    if (in.token() == Token::start_array) {
        const std::string list = op == "equals-ignore-case" ? "ignore-case" : op;
        while (in.next() != Token::end_array) {
            if (in.token() != Token::string) in.fail("Inside anything-but/" + list + " list, number|start|null|boolean is not supported.");
            out.push_back(read());
        }
        if (out.empty()) in.fail("Empty arrays are not allowed");
    } else if (in.token() == Token::string) {
        out.push_back(read());
    } else {
        in.fail("prefix/suffix match pattern must be a string");
    }
    expect_end(in);
    return out;
}

Test read_anything_but(PatternLexer& in) {
    Test t;
    t.kind = Kind::none_of;
    in.next();
    if (in.token() == Token::start_object) t.others = read_excluded_operator(in);
    else if (in.token() == Token::start_array) t.others = read_excluded_list(in);
    else if (in.token() == Token::string) t.others.push_back(text_test(Kind::text, in.text()));
    else if (in.is_number()) t.others.push_back(number_test(in));
    else in.fail("Value of anything-but must be an array or single string/number value.");
    expect_end(in);
    return t;
}

Test read_cidr_operator(PatternLexer& in) {
    if (in.next() != Token::string) in.fail("prefix match pattern must be a string");
    Test t;
    t.kind = Kind::cidr;
    t.text = in.text();
    try {
        t.cidr = read_cidr(t.text);
    } catch (const CidrError& e) {
        in.fail(e.what());
    }
    expect_end(in);
    return t;
}

bool read_exists(PatternLexer& in) {
    in.next();
    bool boolean = in.token() == Token::literal && in.text() != "null";
    if (!boolean) in.fail("exists match pattern must be either true or false.");
    bool exists = in.text() == "true";
    expect_end(in);
    return exists;
}

}  // namespace

MatchExpression read_match_expression(PatternLexer& in) {
    if (in.next() != Token::name) in.fail("Match expression name not found");
    std::string op = in.text();
    if (op == "exactly") return {read_text_operator(in, Kind::text, "exact"), false};
    if (op == "prefix") return {read_affix(in, Kind::prefix, Kind::fold_prefix, "prefix", "Prefix"), false};
    if (op == "suffix") return {read_affix(in, Kind::suffix, Kind::fold_suffix, "suffix", "Suffix"), false};
    if (op == "numeric") return {read_numeric(in), false};
    if (op == "anything-but") return {read_anything_but(in), false};
    if (op == "exists") return {Test{}, !read_exists(in)};
    if (op == "cidr") return {read_cidr_operator(in), false};
    if (op == "equals-ignore-case") return {read_text_operator(in, Kind::fold, "equals-ignore-case"), false};
    if (op == "wildcard") return {read_text_operator(in, Kind::wildcard, "wildcard"), false};
    in.fail("Unrecognized match type " + op);
}

std::vector<Test> read_scalar(PatternLexer& in) {
    std::vector<Test> out;
    if (in.token() == Token::string) {
        Test t = text_test(Kind::text, in.text());
        if (auto address = read_address(t.text)) {
            t.kind = Kind::address;
            t.cidr = {*address, 0};
        }
        out.push_back(std::move(t));
        return out;
    }
    if (in.is_number())
        if (auto n = comparable_number(in.text())) {
            Test t = text_test(Kind::number, in.text());
            t.low = t.high = *n;
            out.push_back(std::move(t));
        }
    out.push_back(text_test(Kind::raw, in.text()));
    return out;
}

}  // namespace virga::bus
