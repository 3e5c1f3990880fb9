#include <doctest/doctest.h>
#include <snappy.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/delivery/aggregate.hpp"
#include "emulator/delivery/compression.hpp"
#include "emulator/delivery/json_query.hpp"

using namespace virga;
using namespace virga::delivery;

TEST_CASE("a KPL aggregate comes apart") {
    std::string message("\x0A\x01" "a" "\x0A\x01" "b" "\x1A\x06\x08\x00\x1A\x02" "hi" "\x1A\x07\x08\x01\x1A\x03" "you", 23);
    std::string data = "\xF3\x89\x9A\xC2" + message + md5(message);
    auto records = split_aggregate(data);
    REQUIRE(records);
    REQUIRE(records->size() == 2);
    CHECK((*records)[0].data == "hi");
    CHECK((*records)[1].partition_key == "b");
    data.back() ^= 1;
    CHECK_FALSE(split_aggregate(data));
    CHECK_FALSE(split_aggregate("plain"));
}

TEST_CASE("concatenated JSON and delimited text") {
    auto objects = split_json("{\"a\":\"}\"}{\"b\":[1]}\n{}");
    REQUIRE(objects);
    CHECK(objects->size() == 3);
    CHECK_FALSE(split_json("[{}]"));
    CHECK_FALSE(split_json("{\"a\":1"));
    CHECK(split_delimited("a####b####", "####") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("compressions read back") {
    std::string data(100'000, 'x'), back;
    CHECK(gunzip(compress("GZIP", data, "").data, data.size(), back) == Inflated::whole);
    CHECK(back == data);
    auto zip = compress("ZIP", data, "name");
    CHECK(zip.data.starts_with("PK\x03\x04"));
    auto hadoop = compress("HADOOP_SNAPPY", "hello", "");
    CHECK(hadoop.data.substr(0, 4) == std::string("\0\0\0\x05", 4));
    CHECK(snappy::Uncompress(hadoop.data.data() + 8, hadoop.data.size() - 8, &back));
    CHECK(back == "hello");
    CHECK(compress("Snappy", "hello", "").data.starts_with(std::string_view("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16)));
}

TEST_CASE("queries of jq") {
    CHECK(query_keys("{customer_id:.customer_id,year:.ts|strftime(\"%Y\"), \"x y\":{z:1}, plain}") ==
          std::vector<std::string>{"customer_id", "year", "x y", "plain"});
    if (!JsonQuery::available()) return;
    JsonQuery query("{customer_id:.customer_id,year:(.ts|strftime(\"%Y\")),at:now}");
    auto r = query.run("{\"customer_id\":\"c1\",\"ts\":1700000000}", 5000);
    CHECK(r.output == "{\"customer_id\":\"c1\",\"year\":\"2023\",\"at\":5}");
    CHECK_FALSE(query.run("not json", 0).is_json);
    CHECK(!query.run("{\"ts\":\"x\"}", 0).error.empty());
    CHECK_THROWS(JsonQuery("{a:"));
    CHECK_THROWS(JsonQuery(".) | (."));
}
