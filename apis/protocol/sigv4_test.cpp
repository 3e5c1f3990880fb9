#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "apis/protocol/models.hpp"
#include "apis/protocol/sigv4.hpp"
#include "apis/protocol/sigv4_errors.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

using namespace virga;
using namespace virga::protocol;

namespace {

struct Vectors {
    Value content;
    std::string secret;
    TimeMs now;
    Vectors() {
        std::ifstream in(std::string(VIRGA_SOURCE_DIR) + "/apis/protocol/sigv4_vectors.json");
        content = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
        secret = content.text("secret");
        now = content.integer("now") * 1000;
    }
    const Value& named(std::string_view name) const {
        for (const Value& c : content.list("cases"))
            if (c.text("name") == name) return c;
        throw std::runtime_error("no such vector");
    }
};

HttpRequest request_of(const Value& c) {
    HttpRequest r;
    r.method = c.text("method");
    r.target = c.text("target");
    for (const auto& h : c.object("headers")) r.headers.add(h.name, h.value.as_string());
    return r;
}

std::optional<ApiError> verified(const HttpRequest& r, const std::string& secret, const std::string& body, TimeMs wall) {
    return verify(r, identify(r, models::all()), secret, sha256_hex(body), wall);
}

std::string code_of(const std::optional<ApiError>& e) { return e ? e->code : ""; }

}  // namespace

TEST_CASE("signatures made by botocore verify") {
    Vectors v;
    for (const Value& c : v.content.list("cases")) {
        CAPTURE(c.text("name"));
        HttpRequest r = request_of(c);
        std::string body(c.text("body"));
        auto e = verified(r, v.secret, body, v.now);
        CHECK_MESSAGE(!e.has_value(), (e ? e->code + ": " + e->message : std::string()));
        // Any change in what is signed breaks them.
        CHECK(verified(r, "other", body, v.now));
        HttpRequest other = r;
        other.method = "PATCH";
        CHECK(verified(other, v.secret, body, v.now));
        other = r;
        other.target += r.target.find('?') == std::string::npos ? "?x=1" : "&x=1";
        CHECK(verified(other, v.secret, body, v.now));
        other = r;
        other.headers.set("host", "elsewhere");
        CHECK(verified(other, v.secret, body, v.now));
    }
}

TEST_CASE("the body is signed") {
    Vectors v;
    CHECK(code_of(verified(request_of(v.named("dynamodb")), v.secret, "{ }", v.now)) == "InvalidSignatureException");
    CHECK(code_of(verified(request_of(v.named("s3 body")), v.secret, "hello", v.now)) == "XAmzContentSHA256Mismatch");
}

TEST_CASE("a port in the Host header may be missing") {
    Vectors v;
    HttpRequest r = request_of(v.named("https without a port"));
    r.headers.set("host", "events.us-east-1.amazonaws.com:4566");
    CHECK_FALSE(verified(r, v.secret, "{}", v.now));
}

TEST_CASE("time: fifteen minutes either way, expiry of presigned URLs") {
    Vectors v;
    TimeMs minute = 60000;
    HttpRequest r = request_of(v.named("dynamodb"));
    CHECK_FALSE(verified(r, v.secret, "{}", v.now + 15 * minute));
    auto e = verified(r, v.secret, "{}", v.now + 15 * minute + 1000);
    REQUIRE(e);
    CHECK(e->code == "InvalidSignatureException");
    CHECK(e->status == 400);
    CHECK(e->message == "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T031906Z - 15 min.)");
    CHECK(code_of(verified(r, v.secret, "{}", v.now - 16 * minute)) == "InvalidSignatureException");
    r = request_of(v.named("s3 body"));
    CHECK(code_of(verified(r, v.secret, "hello world", v.now + 16 * minute)) == "RequestTimeTooSkewed");
    r = request_of(v.named("s3 presigned"));
    CHECK_FALSE(verified(r, v.secret, "", v.now + 3600 * 1000));
    e = verified(r, v.secret, "", v.now + 3601 * 1000);
    REQUIRE(e);
    CHECK(e->message == "Request has expired");
    CHECK(e->fields.find("X-Amz-Expires")->as_string() == "3600");
    r.target.replace(r.target.find("X-Amz-Expires=3600"), 18, "X-Amz-Expires=604801");
    CHECK(code_of(verified(r, v.secret, "", v.now)) == "AuthorizationQueryParametersError");
}

TEST_CASE("missing and incomplete signatures, in each service's words") {
    Vectors v;
    HttpRequest r = request_of(v.named("dynamodb"));
    std::string auth(r.headers.get("authorization"));
    r.headers.remove("authorization");
    auto e = verified(r, v.secret, "{}", v.now);
    REQUIRE(e);
    CHECK(e->code == "MissingAuthenticationTokenException");
    CHECK(e->message == "Request is missing Authentication Token");
    r.headers.set("authorization", "AWS4-HMAC-SHA256 Credential=a/20260102/us-east-1/dynamodb/aws4_request");
    e = verified(r, v.secret, "{}", v.now);
    REQUIRE(e);
    CHECK(e->code == "IncompleteSignatureException");
    CHECK(e->message == "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
                        "Authorization=AWS4-HMAC-SHA256 Credential=a/20260102/us-east-1/dynamodb/aws4_request");
    r.headers.set("authorization", "Bearer x");
    CHECK(code_of(verified(r, v.secret, "{}", v.now)) == "IncompleteSignatureException");
    r.headers.set("authorization", "AWS4-HMAC-SHA256");
    CHECK(code_of(verified(r, v.secret, "{}", v.now)) == "IncompleteSignatureException");
    // Signed for another day, another service.
    std::string other = auth;
    other.replace(other.find("20260102"), 8, "20260103");
    r.headers.set("authorization", other);
    e = verified(r, v.secret, "{}", v.now);
    REQUIRE(e);
    CHECK(e->message == "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260103' != '20260102', from '20260102T030405Z'.");
    other = auth;
    other.replace(other.find("/dynamodb/"), 10, "/kinesis/");
    r.headers.set("authorization", other);
    e = verified(r, v.secret, "{}", v.now);
    REQUIRE(e);
    CHECK(e->message == "Credential should be scoped to correct service: 'dynamodb'. ");

    HttpRequest s3 = request_of(v.named("s3 body"));
    s3.headers.add("x-amz-acl", "public-read");
    e = verified(s3, v.secret, "hello world", v.now);
    REQUIRE(e);
    CHECK(e->message == "There were headers present in the request which were not signed");
    s3.headers.remove("x-amz-acl");
    s3.headers.set("authorization", "AWS key:signature");
    CHECK(code_of(verified(s3, v.secret, "", v.now)) == "InvalidRequest");
    s3.headers.remove("authorization");
    CHECK(code_of(verified(s3, v.secret, "", v.now)) == "AccessDenied");
    HttpRequest query = request_of(v.named("spaces in headers"));
    query.headers.remove("authorization");
    WireRequest w = identify(query, models::all());
    CHECK(code_of(verify(query, w, v.secret, "", v.now)) == "MissingAuthenticationToken");
}

TEST_CASE("the documentation's example") {  // IAM User Guide / S3 API Reference: GET object with a range
    HttpRequest r;
    r.method = "GET";
    r.target = "/test.txt";
    r.headers.add("Host", "examplebucket.s3.amazonaws.com");
    r.headers.add("Range", "bytes=0-9");
    r.headers.add("x-amz-content-sha256", sha256_hex(""));
    r.headers.add("x-amz-date", "20130524T000000Z");
    r.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                                   "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    CHECK_FALSE(verified(r, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", *parse_iso8601("20130524T000000Z")));
}
