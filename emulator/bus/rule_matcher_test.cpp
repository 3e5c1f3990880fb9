// The differential test: the matcher over many rules, and each pattern alone, against the oracle.
#include "emulator/bus/rule_matcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>

#include "emulator/base/json.hpp"
#include "emulator/bus/pattern_oracle_test.hpp"
#include "emulator/world/random.hpp"

using namespace virga;
using bus::Pattern;
using bus::RuleId;
using bus::RuleMatcher;

namespace {

// Small vocabularies, so that patterns and events meet often.
class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    std::string pattern() { return object(2, true); }
    std::string event() { return event_object(3); }
    std::size_t below(std::size_t n) { return random_.below(n); }

private:
    bool chance(int percent) { return random_.below(100) < static_cast<unsigned>(percent); }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[random_.below(from.size())];
    }
    std::string name() { return pick<std::string>({"a", "b", "c", "a-b", "d"}); }
    std::string text() {
        return pick<std::string>({"", "a", "ab", "abc", "aab", "bab", "AB", "Abc", "aXb", "a*b", "é1", "É1", "ß", "SS", "ss", "10.0.0.1", "10.0.0.77", "10.0.1.1",
                                  "::1", "0:0:0:0:0:0:0:1", "2001:db8::7", "300", "true", "null", "abab", "q\"q", "tab\t"});
    }
    std::string number() {
        return pick<std::string>({"0", "-0", "1", "1.0", "10e-1", "2", "300", "3.0e2", "300.0", "-5", "-5.50", "9007199254740993", "9007199254740992", "12345678901234567890",
                                  "0.1", "1e400", "0.30000000000000004", "0.3", "1e-3", "0.001"});
    }
    std::string bound() { return pick<std::string>({"0", "1", "1.0", "2", "300", "-5", "0.3", "1e2"}); }
    std::string quoted(const std::string& s) {
        std::string out;
        json::write_string(out, s);
        return out;
    }
    std::string scalar() {
        switch (random_.below(8)) {
            case 0: case 1: return number();
            case 2: return pick<std::string>({"true", "false", "null"});
            default: return quoted(text());
        }
    }
    std::string wild() { return quoted(pick<std::string>({"*", "a*", "*b", "a*b", "*a*", "a*b*", "*ab", "a\\*b", "ab", "*a*b", ""})); }
    std::string words(int kind) {
        std::string out = "[";
        for (int n = 1 + static_cast<int>(random_.below(3)); n > 0; --n) out += (kind == 0 ? quoted(text()) : kind == 1 ? bound() : quoted("a" + text())) + (n > 1 ? "," : "");
        return out + "]";
    }
    std::string anything_but() {
        switch (random_.below(9)) {
            case 0: return quoted(text());
            case 1: return bound();
            case 2: return words(0);
            case 3: return words(1);
            case 4: return "{\"prefix\":" + words(2) + "}";
            case 5: return "{\"suffix\":" + words(2) + "}";
            case 6: return "{\"equals-ignore-case\":" + words(0) + "}";
            case 7: return "{\"wildcard\":" + wild() + "}";
            default: return "{\"prefix\":\"a\"}";
        }
    }
    std::string numeric() {
        if (chance(40)) return "[\">" + std::string(chance(50) ? "=" : "") + "\"," + pick<std::string>({"-5", "0", "0.3"}) + ",\"<" + (chance(50) ? "=" : "") + "\"," + pick<std::string>({"1", "300", "1e2"}) + "]";
        return "[\"" + pick<std::string>({"=", "<", "<=", ">", ">="}) + "\"," + bound() + "]";
    }
    std::string expression() {
        switch (random_.below(16)) {
            case 0: return "{\"prefix\":" + quoted(text()) + "}";
            case 1: return "{\"suffix\":" + quoted(text()) + "}";
            case 2: return "{\"prefix\":{\"equals-ignore-case\":" + quoted(text()) + "}}";
            case 3: return "{\"suffix\":{\"equals-ignore-case\":" + quoted(text()) + "}}";
            case 4: return "{\"equals-ignore-case\":" + quoted(text()) + "}";
            case 5: case 6: return "{\"wildcard\":" + wild() + "}";
            case 7: case 8: return "{\"numeric\":" + numeric() + "}";
            case 9: return "{\"cidr\":" + quoted(pick<std::string>({"10.0.0.0/24", "10.0.0.64/26", "0.0.0.0/0", "2001:db8::/32", "::/0"})) + "}";
            case 10: return "{\"exists\":true}";
            case 11: case 12: return "{\"exists\":false}";
            case 13: return "{\"exactly\":" + quoted(text()) + "}";
            default: return "{\"anything-but\":" + anything_but() + "}";
        }
    }
    std::string alternatives() {
        std::string out = "[";
        for (int n = 1 + static_cast<int>(random_.below(3)); n > 0; --n) out += (chance(45) ? scalar() : expression()) + (n > 1 ? "," : "");
        return out + "]";
    }
    std::string object(int depth, bool choices) {
        std::string out = "{";
        int n = 1 + static_cast<int>(random_.below(3));
        for (int i = 0; i < n; ++i) {
            if (i > 0) out += ",";
            if (choices && chance(12)) {
                out += "\"$or\":[" + object(depth - 1, false) + "," + object(depth - 1, chance(20) && depth > 0) + "]";
            } else {
                std::string key = chance(8) ? name() + "." + name() : name();
                out += quoted(key) + ":" + (depth > 0 && chance(35) ? object(depth - 1, choices) : alternatives());
            }
        }
        return out + "}";
    }
    std::string event_value(int depth) {
        if (depth > 0 && chance(25)) return event_object(depth - 1);
        if (depth > 0 && chance(30)) {
            std::string out = "[";
            for (int n = static_cast<int>(random_.below(4)); n > 0; --n) out += event_value(depth - 1) + (n > 1 ? ", " : "");
            return out + "]";
        }
        return scalar();
    }
    std::string event_object(int depth) {
        std::string out = "{";
        for (int n = static_cast<int>(random_.below(5)), i = 0; i < n; ++i) {
            if (i > 0) out += ",";
            out += quoted(chance(5) ? name() + "." + name() : name()) + ":" + event_value(depth);
        }
        return out + "}";
    }

    Random random_;
};

}  // namespace

TEST_CASE("the matcher and single patterns agree with the oracle on random pairs, while rules come and go") {
    // 90 rounds of 60 rules and 60 events: 324,000 pairs. VIRGA_ORACLE_ROUNDS=280 makes it a million.
    const char* rounds = std::getenv("VIRGA_ORACLE_ROUNDS");
    std::uint64_t last = rounds ? std::strtoull(rounds, nullptr, 10) : 90;
    int matched = 0, pairs = 0, refused = 0;
    for (std::uint64_t seed = 1; seed <= last; ++seed) {
        Generator make(seed * 7919);
        RuleMatcher matcher;
        struct Rule {
            std::string text;
            Pattern pattern;
            std::vector<bus::OracleChoice> oracle;
        };
        std::map<RuleId, Rule> rules;
        RuleId next = 1;
        while (rules.size() < 60) {
            std::string text = make.pattern();
            try {
                auto pattern = Pattern::compile(text);
                matcher.put(next, pattern);
                rules.emplace(next++, Rule{text, pattern, bus::oracle_pattern(text)});
            } catch (const bus::PatternError& e) {
                ++refused;
                REQUIRE_MESSAGE(e.reason.find("$or") == std::string::npos, text);
            }
        }
        for (int i = 0; i < 60; ++i) {
            std::string event = make.event();
            std::vector<RuleId> found;
            matcher.match(event, found);
            auto judged = bus::oracle_event(event);
            for (const auto& [id, rule] : rules) {
                bool expected = bus::oracle_matches(rule.oracle, judged);
                bool alone = rule.pattern.matches(event);
                bool among = std::find(found.begin(), found.end(), id) != found.end();
                ++pairs;
                matched += expected;
                if (alone != expected || among != expected) FAIL("pattern " << rule.text << "\nevent " << event << "\nexpected " << expected << " alone " << alone << " among " << among);
            }
            // One rule is replaced by another now and then.
            if (i % 10 == 9) {
                auto gone = std::next(rules.begin(), static_cast<std::ptrdiff_t>(make.below(rules.size())));
                auto other = std::next(rules.begin(), static_cast<std::ptrdiff_t>(make.below(rules.size())));
                other->second = gone->second;
                matcher.put(other->first, other->second.pattern);
                if (gone != other) {
                    matcher.remove(gone->first);
                    rules.erase(gone);
                }
            }
        }
        CHECK(matcher.size() == rules.size());
    }
    MESSAGE(pairs << " pairs, " << matched << " matches, " << refused << " patterns refused");
    CHECK(matched > pairs / 50);
}

TEST_CASE("choices in unrelated arrays do not multiply") {
    // Twelve arrays of thirty elements, and a last field that nothing satisfies: 30^12 ways without memory.
    std::string pattern = "{", event = "{";
    for (int f = 0; f < 12; ++f) {
        std::string name = "f" + std::to_string(f + 10);
        pattern += "\"" + name + "\":{\"x\":[\"v\"]},";
        event += "\"" + name + "\":[";
        for (int i = 0; i < 30; ++i) event += std::string(i ? "," : "") + R"({"x":"v"})";
        event += "],";
    }
    auto p = Pattern::compile(pattern + R"("z":["never"]})");
    CHECK_FALSE(p.matches(event + R"("z":"other"})"));
    CHECK(p.matches(event + R"("z":"never"})"));
}

TEST_CASE("many rules: only those near the event are tried, and each can be changed alone") {
    RuleMatcher matcher;
    for (RuleId id = 0; id < 20000; ++id)
        matcher.put(id, Pattern::compile(R"({"source":["shop"],"detail":{"order":{"id":[")" + std::to_string(id) + R"("]}}})"));
    std::vector<RuleId> found;
    matcher.match(R"({"source":"shop","detail":{"order":{"id":"777"}}})", found);
    CHECK(found == std::vector<RuleId>{777});
    matcher.remove(777);
    found.clear();
    matcher.match(R"({"source":"shop","detail":{"order":{"id":"777"}}})", found);
    CHECK(found.empty());
    CHECK(matcher.size() == 19999);
}

TEST_CASE("matching goes on while rules come and go, and sees whole rules only") {
    RuleMatcher matcher;
    auto both = Pattern::compile(R"({"$or":[{"a":["x"],"b":["1"]},{"a":["x"],"c":["2"]}]})");
    auto always = Pattern::compile(R"({"a":["x"]})");
    matcher.put(1, always);
    std::atomic<bool> over{false};
    std::atomic<int> wrong{0};
    auto read = [&] {
        std::vector<RuleId> found;
        while (!over) {
            found.clear();
            matcher.match(R"({"a":"x","b":"1","c":"2"})", found);
            if (found != std::vector<RuleId>{1} && found != std::vector<RuleId>{1, 2}) ++wrong;
        }
    };
    std::thread first(read), second(read);
    for (int i = 0; i < 500; ++i) {
        matcher.put(2, both);
        matcher.remove(2);
    }
    over = true;
    first.join();
    second.join();
    CHECK(wrong == 0);
    CHECK(matcher.size() == 1);
}
