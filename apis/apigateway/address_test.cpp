#include "apis/apigateway/address.hpp"

#include <doctest/doctest.h>

using virga::apigateway::read_address;

namespace {

std::string read(std::string_view host, std::string_view path) {
    auto a = read_address(host, path);
    return a ? a->api + " " + a->stage + " " + a->path : "";
}

}  // namespace

TEST_CASE("an API is addressed by host or by path") {
    CHECK(read("abc.execute-api.localhost:4566", "/prod/pets/7") == "abc prod /pets/7");
    CHECK(read("abc.execute-api.us-east-1.amazonaws.com", "/prod") == "abc prod /");
    CHECK(read("abc.execute-api.localhost.localstack.cloud:4566", "/prod/") == "abc prod /");
    CHECK(read("abc-vpce-0123.execute-api.eu-west-1.amazonaws.com", "/prod/a") == "abc prod /a");
    CHECK(read("localhost:4566", "/restapis/abc/prod/_user_request_/pets/") == "abc prod /pets/");
    CHECK(read("localhost:4566", "/restapis/abc/prod/_user_request_") == "abc prod /");
    CHECK(read("localhost:4566", "/_aws/execute-api/abc/prod/a%20b") == "abc prod /a%20b");
}

TEST_CASE("the control API and other hosts are not invocations") {
    CHECK(read("localhost", "/restapis/abc/stages/prod") == "");
    CHECK(read("localhost", "/restapis/abc") == "");
    CHECK(read("a.b.execute-api.localhost", "/x") == "");
    CHECK(read("bucket.s3.localhost", "/x") == "");
}
