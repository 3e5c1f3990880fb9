// The language, as a table: what matches, what does not, what is refused and in which words.
#include "emulator/bus/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using virga::bus::Pattern;
using virga::bus::PatternError;

namespace {

struct Pair {
    const char* pattern;
    const char* event;
    bool matches;
};

const Pair pairs[] = {
    // Equality keeps types apart.
    {R"({"a":["x"]})", R"({"a":"x"})", true},
    {R"({"a":["x"]})", R"({"a":"X"})", false},
    {R"({"a":["x","y"]})", R"({"a":"y"})", true},
    {R"({"a":["x"]})", R"({"a":["w","x"]})", true},
    {R"({"a":["x"]})", R"({"a":{"x":1}})", false},
    {R"({"a":["x"],"b":["y"]})", R"({"a":"x"})", false},
    {R"({"a":["true"]})", R"({"a":true})", false},
    {R"({"a":[true]})", R"({"a":true})", true},
    {R"({"a":[null]})", R"({"a":null})", true},
    {R"({"a":[null]})", R"({"a":""})", false},
    {R"({"a":[""]})", R"({"a":""})", true},
    {R"({"a":[""]})", R"({"a":null})", false},
    {R"({"a":[""]})", R"({})", false},
    {R"({"a":[{"exactly":"x"}]})", R"({"a":"x"})", true},
    {R"({"a":["\u00e9"]})", R"({"a":"é"})", true},
    {R"({"a":["é"]})", R"({"a":"\u00e9"})", true},
    {R"({"a":["\ud83d\ude00"]})", R"({"a":"😀"})", true},
    {R"({"a":["q\"q"]})", R"({"a":"q\"q"})", true},
    // Numbers are decimals, not texts and not doubles.
    {R"({"a":[300]})", R"({"a":300})", true},
    {R"({"a":[300]})", R"({"a":300.0})", true},
    {R"({"a":[300]})", R"({"a":3.0e2})", true},
    {R"({"a":[300]})", R"({"a":"300"})", false},
    {R"({"a":[9007199254740993]})", R"({"a":9007199254740993})", true},
    {R"({"a":[9007199254740993]})", R"({"a":9007199254740992})", false},
    {R"({"a":[12345678901234567890]})", R"({"a":12345678901234567890})", true},
    {R"({"a":[12345678901234567890]})", R"({"a":12345678901234567891})", false},
    {R"({"a":[0]})", R"({"a":-0.0})", true},
    {R"({"a":[1e400]})", R"({"a":1e400})", true},
    // Affixes are for strings only; an empty one matches any string.
    {R"({"a":[{"prefix":""}]})", R"({"a":"anything"})", true},
    {R"({"a":[{"prefix":""}]})", R"({"a":5})", false},
    {R"({"a":[{"prefix":"ab"}]})", R"({"a":"abc"})", true},
    {R"({"a":[{"prefix":"ab"}]})", R"({"a":"a"})", false},
    {R"({"a":[{"suffix":".png"}]})", R"({"a":"x.png"})", true},
    {R"({"a":[{"suffix":".png"}]})", R"({"a":"x.PNG"})", false},
    {R"({"a":[{"suffix":{"equals-ignore-case":".png"}}]})", R"({"a":"x.PnG"})", true},
    {R"({"a":[{"prefix":{"equals-ignore-case":"É"}}]})", R"({"a":"école"})", true},
    {R"({"a":[{"equals-ignore-case":"straße"}]})", R"({"a":"STRASSE"})", true},
    {R"({"a":[{"equals-ignore-case":"straße"}]})", R"({"a":"strasse"})", false},
    {R"({"a":[{"equals-ignore-case":"ПРИВЕТ"}]})", R"({"a":"привет"})", true},
    // exists asks for a scalar.
    {R"({"a":[{"exists":true}]})", R"({"a":null})", true},
    {R"({"a":[{"exists":true}]})", R"({"a":[1]})", true},
    {R"({"a":[{"exists":true}]})", R"({"a":[]})", false},
    {R"({"a":[{"exists":true}]})", R"({"a":{}})", false},
    {R"({"a":[{"exists":true}]})", R"({"a":{"b":1}})", false},
    {R"({"a":[{"exists":false}]})", R"({"a":null})", false},
    {R"({"a":[{"exists":false}]})", R"({"a":[]})", true},
    {R"({"a":[{"exists":false}]})", R"({"a":{"b":1}})", true},
    {R"({"a":[{"exists":false}]})", R"({})", true},
    {R"({"a":[{"exists":false},"x"]})", R"({"a":"x"})", true},
    {R"({"a":[{"exists":false},"x"]})", R"({"a":"y"})", false},
    // anything-but wants a scalar, and any element of an array will do.
    {R"({"a":[{"anything-but":"x"}]})", R"({"a":"y"})", true},
    {R"({"a":[{"anything-but":"x"}]})", R"({"a":"x"})", false},
    {R"({"a":[{"anything-but":["a"]}]})", R"({"a":["a","b"]})", true},
    {R"({"a":[{"anything-but":["a"]}]})", R"({"a":["a"]})", false},
    {R"({"a":[{"anything-but":["a"]}]})", R"({"a":null})", true},
    {R"({"a":[{"anything-but":["a"]}]})", R"({})", false},
    {R"({"a":[{"anything-but":5}]})", R"({"a":5.0})", false},
    {R"({"a":[{"anything-but":[5,6]}]})", R"({"a":"5"})", true},
    {R"({"a":[{"anything-but":{"prefix":"x"}}]})", R"({"a":"xy"})", false},
    {R"({"a":[{"anything-but":{"prefix":"x"}}]})", R"({"a":7})", true},
    {R"({"a":[{"anything-but":{"suffix":["x","y"]}}]})", R"({"a":"by"})", false},
    {R"({"a":[{"anything-but":{"equals-ignore-case":["X"]}}]})", R"({"a":"x"})", false},
    {R"({"a":[{"anything-but":{"wildcard":"*/lib/*"}}]})", R"({"a":"/usr/lib/x"})", false},
    {R"({"a":[{"anything-but":{"wildcard":"*/lib/*"}}]})", R"({"a":"/usr/bin/x"})", true},
    // Ranges.
    {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":5})", true},
    {R"({"a":[{"numeric":[">",0,"<=",5]}]})", R"({"a":0})", false},
    {R"({"a":[{"numeric":[">",0]}]})", R"({"a":1e300})", true},
    {R"({"a":[{"numeric":["=",3.018e2]}]})", R"({"a":301.8})", true},
    {R"({"a":[{"numeric":["<",10]}]})", R"({"a":"5"})", false},
    {R"({"a":[{"numeric":["<",-4.9]}]})", R"({"a":-5})", true},
    // Addresses.
    {R"({"a":["10.0.0.1"]})", R"({"a":"10.0.0.1"})", true},
    {R"({"a":["::1"]})", R"({"a":"0:0:0:0:0:0:0:1"})", true},
    {R"({"a":["12:30"]})", R"({"a":"12:30"})", true},
    {R"({"a":[{"cidr":"10.0.0.0/24"}]})", R"({"a":"10.0.0.255"})", true},
    {R"({"a":[{"cidr":"10.0.0.0/24"}]})", R"({"a":"10.0.0.0"})", true},
    {R"({"a":[{"cidr":"10.0.0.0/24"}]})", R"({"a":"10.0.1.0"})", false},
    {R"({"a":[{"cidr":"2001:db8::/32"}]})", R"({"a":"2001:0db8:ffff::1"})", true},
    {R"({"a":[{"cidr":"2001:db8::/32"}]})", R"({"a":"10.0.0.1"})", false},
    // Wildcards.
    {R"({"a":[{"wildcard":"*"}]})", R"({"a":""})", true},
    {R"({"a":[{"wildcard":"a*c"}]})", R"({"a":"abbc"})", true},
    {R"({"a":[{"wildcard":"a*c"}]})", R"({"a":"ac"})", true},
    {R"({"a":[{"wildcard":"a*a"}]})", R"({"a":"a"})", false},
    {R"({"a":[{"wildcard":"a\\*b*"}]})", R"({"a":"a*bc"})", true},
    {R"({"a":[{"wildcard":"a\\*b*"}]})", R"({"a":"aXbc"})", false},
    // Paths: a dot in a name is the same as nesting.
    {R"({"d.n":["x"]})", R"({"d":{"n":"x"}})", true},
    {R"({"d":{"n":["x"]}})", R"({"d.n":"x"})", true},
    {R"({"d":{"n":["x"]}})", R"({"d":{"n":"y","n":"x"}})", true},
    {R"({"d":{"n":["y"]}})", R"({"d":{"n":"y","n":"x"}})", false},
    // Elements of one array do not mix; scalars in it are free.
    {R"({"e":{"f":["Anna"],"l":["Jones"]}})", R"({"e":[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]})", false},
    {R"({"e":{"f":["Anna"],"l":["Jones"]}})", R"({"e":[[{"f":"Anna","l":"Smith"},{"f":"Peter","l":"Jones"}]]})", false},
    {R"({"e":{"f":["Anna"],"l":["Smith"]}})", R"({"e":[[{"f":"Anna","l":"Smith"}]]})", true},
    {R"({"d":{"tags":["admin"],"type":["G"]}})", R"({"d":{"tags":["user","admin"],"type":"G"}})", true},
    {R"({"d":{"a":[{"exists":true}],"b":[{"exists":false}]}})", R"({"d":[{"a":1},{"a":2,"b":3}]})", true},
    {R"({"d":{"a":[{"exists":false}],"b":[{"exists":true}]}})", R"({"d":[{"b":1},{"a":2,"b":3}]})", false},
    // Choices, and which of equal paths counts.
    {R"({"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"b":"y"})", true},
    {R"({"$or":[{"a":["x"]},{"b":["y"]}]})", R"({"c":"z"})", false},
    {R"({"d":{"$or":[{"a":["x"]},{"b":["y"]}]},"c":["z"]})", R"({"d":{"b":"y"},"c":"z"})", true},
    {R"({"a":["x"],"$or":[{"a":["y"]},{"b":["1"]}]})", R"({"a":"y"})", true},
    {R"({"a":["x"],"$or":[{"a":["y"]},{"b":["1"]}]})", R"({"a":"x"})", false},
    {R"({"a":["x"],"$or":[{"a":["y"]},{"b":["1"]}]})", R"({"a":"x","b":"1"})", true},
    {R"({"$or":[{"a":["y"]},{"b":["1"]}],"a":["x"]})", R"({"a":"y"})", false},
    {R"({"$or":[{"a":["y"]},{"b":["1"]}],"a":["x"]})", R"({"a":"x"})", true},
    {R"({"a":["x"],"a":["y"]})", R"({"a":"x"})", false},
    {R"({"a":["x"],"a":["y"]})", R"({"a":"y"})", true},
    {R"({"$or":[{"prefix":"x"}]})", R"({"$or":"xyz"})", true},  // one branch: a field like any other
    // What is no event matches nothing.
    {R"({"a":[{"exists":false}]})", "[]", false},
    {R"({"a":[{"exists":false}]})", "{", false},
};

struct Refusal {
    const char* pattern;
    const char* reason;
};

const Refusal refusals[] = {
    {"\"x\"", "Filter is not an object"},
    {"[]", "Filter is not an object"},
    {"", "Filter is not an object"},
    {R"({"a":"x"})", "\"a\" must be an object or an array"},
    {R"({"a":1})", "\"a\" must be an object or an array"},
    {"{}", "Empty objects are not allowed"},
    {R"({"a":{}})", "Empty objects are not allowed"},
    {R"({"a":[]})", "Empty arrays are not allowed"},
    {R"({"a":[["x"]]})", "Match value must be String, number, true, false, or null"},
    {R"({"a":[{}]})", "Match expression name not found"},
    {R"({"a":[{"like":"x"}]})", "Unrecognized match type like"},
    {R"({"a":[{"prefix":"a","x":1}]})", "Only one key allowed in match expression"},
    {R"({"a":[{"prefix":1}]})", "prefix match pattern must be a string"},
    {R"({"a":[{"suffix":[]}]})", "suffix match pattern must be a string"},
    {R"({"a":[{"cidr":1}]})", "prefix match pattern must be a string"},
    {R"({"a":[{"equals-ignore-case":1}]})", "equals-ignore-case match pattern must be a string"},
    {R"({"a":[{"wildcard":1}]})", "wildcard match pattern must be a string"},
    {R"({"a":[{"exactly":1}]})", "exact match pattern must be a string"},
    {R"({"a":[{"prefix":{"x":"a"}}]})", "Unsupported prefix pattern: x"},
    {R"({"a":[{"suffix":{}}]})", "Suffix expression name not found"},
    {R"({"a":[{"exists":"true"}]})", "exists match pattern must be either true or false."},
    {R"({"a":[{"exists":null}]})", "exists match pattern must be either true or false."},
    {R"({"a":[{"numeric":5}]})", "Value of numeric must be an array."},
    {R"({"a":[{"numeric":[5]}]})", "Invalid member in numeric match: 5"},
    {R"({"a":[{"numeric":["!",5]}]})", "Unrecognized numeric range operator: !"},
    {R"({"a":[{"numeric":["=","5"]}]})", "Value of equals must be numeric"},
    {R"({"a":[{"numeric":[">","5"]}]})", "Value of > must be numeric"},
    {R"({"a":[{"numeric":["<=","5"]}]})", "Value of <= must be numeric"},
    {R"({"a":[{"numeric":["=",5,6]}]})", "Too many elements in numeric expression"},
    {R"({"a":[{"numeric":[">",5,6]}]})", "Bad value in numeric range: 6"},
    {R"({"a":[{"numeric":[">",5,">",6]}]})", "Bad numeric range operator: >"},
    {R"({"a":[{"numeric":[">",5,"<",6,"x"]}]})", "Too many terms in numeric range expression"},
    {R"({"a":[{"numeric":[">",5,"<",5]}]})", "Bottom must be less than top"},
    {R"({"a":[{"numeric":["=",9007199254740993]}]})", "Cannot compare number : 9007199254740993"},
    {R"({"a":[{"anything-but":true}]})", "Value of anything-but must be an array or single string/number value."},
    {R"({"a":[{"anything-but":[null]}]})", "Inside anything but list, start|null|boolean is not supported."},
    {R"({"a":[{"anything-but":[]}]})", "Inside anything but list, either all values are number or string, mixed type is not supported"},
    {R"({"a":[{"anything-but":["x",1]}]})", "Inside anything but list, either all values are number or string, mixed type is not supported"},
    {R"({"a":[{"anything-but":{"numeric":[]}}]})", "Unsupported anything-but pattern: numeric"},
    {R"({"a":[{"anything-but":{}}]})", "Anything-But expression name not found"},
    {R"({"a":[{"anything-but":{"prefix":1}}]})", "prefix/suffix match pattern must be a string"},
    {R"({"a":[{"anything-but":{"suffix":""}}]})", "Null prefix/suffix not allowed"},
    {R"({"a":[{"anything-but":{"equals-ignore-case":[1]}}]})", "Inside anything-but/ignore-case list, number|start|null|boolean is not supported."},
    {R"({"a":[{"cidr":"10.0.0.0"}]})", "Malformed CIDR, one '/' required"},
    {R"({"a":[{"cidr":"10.0.0.0/x"}]})", "Malformed CIDR, mask bits must be an integer"},
    {R"({"a":[{"cidr":"10.0.0.0/-1"}]})", "Malformed CIDR, mask bits must not be negative"},
    {R"({"a":[{"cidr":"10.0.0.0/32"}]})", "IPv4 mask bits must be < 32"},
    {R"({"a":[{"cidr":"::/128"}]})", "IPv6 mask bits must be < 128"},
    {R"({"a":[{"cidr":"10.0.0/8"}]})", "Nonstandard IP address: 10.0.0"},
    {R"({"a":[{"cidr":"10.0.0.300/8"}]})", "Invalid IP address: 10.0.0.300"},
    {R"({"a":[{"wildcard":"a**b"}]})", "Consecutive wildcard characters at pos 2"},
    {R"({"a":[{"wildcard":"é\\d"}]})", "Invalid escape character at pos 3"},
    {R"({"a":[{"wildcard":"*a*a*a*a*a*a*a*a*"}]})",
     "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character"},
    {R"({"a":[{"wildcard":"*:stack/N1/*"},{"wildcard":"*:stack/N2/*"},{"wildcard":"*:stack/N3/*"},{"wildcard":"*:stack/N4/*"}]})",
     "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character"},
    {R"({"detail":{"$or":[{"x":["1"]}],"y":["2"]}})", "Unrecognized match type x"},
    {R"({"$or":[{"prefix":["1"]},{"y":["2"]}]})", "prefix match pattern must be a string"},
};

}  // namespace

TEST_CASE("what matches what") {
    for (const auto& p : pairs) {
        CAPTURE(p.pattern);
        CAPTURE(p.event);
        CHECK(Pattern::compile(p.pattern).matches(p.event) == p.matches);
    }
}

TEST_CASE("what is refused, and in which words") {
    for (const auto& r : refusals) {
        CAPTURE(r.pattern);
        try {
            Pattern::compile(r.pattern);
            FAIL_CHECK("accepted");
        } catch (const PatternError& e) {
            CHECK(e.reason == r.reason);
        }
    }
    CHECK_NOTHROW(Pattern::compile(R"({"a":[{"wildcard":"*:stack/N1/*"},{"wildcard":"*:stack/N2/*"},{"wildcard":"*:stack/N3/*"}]})"));
}

TEST_CASE("a refusal names the place, counted as the service counts") {
    auto text = [](const std::string& pattern) {
        try {
            Pattern::compile(pattern);
        } catch (const PatternError& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    // A string is not read before it is needed: the place is after its opening quote.
    CHECK(text(R"({"source":"a"})") == "\"source\" must be an object or an array\n at [Source: (String)\"{\"source\":\"a\"}\"; line: 1, column: 12]");
    CHECK(text("{\n \"a\": []}") == "Empty arrays are not allowed\n at [Source: (String)\"{\n \"a\": []}\"; line: 2, column: 9]");
    // Long patterns are cut.
    std::string fill(600, 'x');
    CHECK(text("{\"" + fill + "\":{}}").find("[truncated 107 chars]; line: 1, column: 607]") != std::string::npos);
}
