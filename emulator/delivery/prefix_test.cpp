#include <doctest/doctest.h>

#include "emulator/base/error.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/delivery/prefix.hpp"
#include "emulator/delivery/time_pattern.hpp"

using namespace virga;
using namespace virga::delivery;

namespace {
PrefixValues values() {
    PrefixValues v;
    v.instant = *parse_iso8601("2018-08-27T10:30:00Z");
    v.error_type = "processing-failed";
    v.random = [] { return std::string("5abf82daaa5"); };
    v.keys = Object{{"query", Object{{"customer", "c1"}}}, {"lambda", Object{{"region", "eu"}}}};
    return v;
}
std::string fault(std::string_view prefix, std::string_view errors, bool partitioned) {
    try {
        check_prefixes(prefix, errors, partitioned);
    } catch (const ApiError& e) {
        return e.message;
    }
    return "";
}
}  // namespace

TEST_CASE("prefixes as the developer guide's table has them") {
    CHECK(evaluate_prefix("", values()) == "2018/08/27/10/");
    CHECK(evaluate_prefix("legacy", values()) == "legacy2018/08/27/10/");
    CHECK(evaluate_prefix("myFirehose/DeliveredYear=!{timestamp:yyyy}/anyMonth/rand=!{firehose:random-string}", values()) ==
          "myFirehose/DeliveredYear=2018/anyMonth/rand=5abf82daaa5");
    CHECK(evaluate_error_prefix("", "myFirehoseFailures/!{firehose:error-output-type}/", values()) == "myFirehoseFailures/processing-failed/");
    CHECK(evaluate_error_prefix("myFirehosePrefix/", "", values()) == "myFirehosePrefix/processing-failed/2018/08/27/10/");
    CHECK(evaluate_prefix("c=!{partitionKeyFromQuery:customer}/r=!{partitionKeyFromLambda:region}/", values()) == "c=c1/r=eu/");
}

TEST_CASE("a zone moves the clock") {
    auto v = values();
    v.offset_s = 9 * 3600;
    v.instant = *parse_iso8601("2018-08-27T20:30:00Z");
    CHECK(evaluate_prefix("!{timestamp:yyyy-MM-dd'T'HH}/", v) == "2018-08-28T05/");
}

TEST_CASE("what a prefix may not be") {
    CHECK(fault("!{timestamp:yyyy}/", "", false).starts_with("Ths supplied prefix(es)"));
    CHECK(fault("!{timestamp:yyyy}/", "e/", false) == "");
    CHECK(fault("", "e/!{timestamp:yyyy}", false).find("at least one occurrence") != std::string::npos);
    CHECK(fault("!{firehose:error-output-type}/", "e/", false).find("must not contain") != std::string::npos);
    CHECK(fault("!{timestamp:yyyy", "e/", false) == "Invalid expression usage");
    CHECK(fault("!{time:yyyy}", "e/", false) == "Namespace to the left of colon (time) is an invalid keyword!");
    CHECK(fault("!{timestamp:yyyyR}", "e/", false) == "Invalid conversion character used in the value of the expression in Prefix");
    CHECK(fault("!{partitionKeyFromQuery:a}", "e/", false).starts_with("Dynamic Partitioning Namespaces can only"));
    CHECK(fault("a/", "e/", true) == "S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled");
}

TEST_CASE("patterns of Java's DateTimeFormatter") {
    TimeMs at = *parse_iso8601("2026-01-02T15:04:05.678Z");
    CHECK(format_time("yyyy-MM-dd HH:mm:ss.SSS", at) == "2026-01-02 15:04:05.678");
    CHECK(format_time("yy M d h a", at) == "26 1 2 3 PM");
    CHECK(format_time("EEE EEEE MMM MMMM D", at) == "Fri Friday Jan January 2");
    CHECK(format_time("'year='yyyy''Q", at) == "year=2026'1");
    CHECK(format_time("XXX Z", at, -19800) == "-05:30 -0530");
    CHECK(format_time("XXX", at) == "Z");
    CHECK_FALSE(is_time_pattern("yyyy'"));
}
