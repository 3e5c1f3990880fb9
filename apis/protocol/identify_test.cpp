#include <doctest/doctest.h>

#include "apis/protocol/models.hpp"
#include "apis/protocol/s3_host.hpp"
#include "apis/protocol/wire.hpp"

using namespace virga;
using namespace virga::protocol;

namespace {

HttpRequest request(std::string method, std::string target, std::vector<std::pair<std::string, std::string>> headers) {
    HttpRequest r;
    r.method = std::move(method);
    r.target = std::move(target);
    for (auto& [n, v] : headers) r.headers.add(n, v);
    r.body = std::make_shared<StringSource>("");
    return r;
}

std::string scope(const std::string& key, const std::string& region, const std::string& service) {
    return "AWS4-HMAC-SHA256 Credential=" + key + "/20260102/" + region + "/" + service + "/aws4_request, SignedHeaders=host, Signature=00";
}

WireRequest identified(const HttpRequest& r) { return identify(r, models::all()); }

}  // namespace

TEST_CASE("a target names service and operation; the credential names account and region") {
    auto w = identified(request("POST", "/", {{"X-Amz-Target", "DynamoDB_20120810.PutItem"}, {"Content-Type", "application/x-amz-json-1.0"},
                                              {"Authorization", scope("123456789012", "eu-west-1", "dynamodb")}}));
    REQUIRE(w.service);
    CHECK(w.service->id() == "dynamodb");
    CHECK(w.operation.name() == "PutItem");
    CHECK(w.account == "123456789012");
    CHECK(w.region == "eu-west-1");
    CHECK(w.protocol == model::Protocol::json_1_0);
    CHECK_FALSE(w.needs_body());
    // Streams sign as dynamodb: only the target tells them apart.
    w = identified(request("POST", "/", {{"X-Amz-Target", "DynamoDBStreams_20120810.GetRecords"}}));
    CHECK(w.service->id() == "streams.dynamodb");
    CHECK(w.account == "000000000000");
    CHECK(w.region == "us-east-1");
    w = identified(request("POST", "/", {{"X-Amz-Target", "Kinesis_20131202.PutRecord"}, {"content-type", "application/x-amz-cbor-1.1"}}));
    CHECK(w.cbor);
    w = identified(request("POST", "/", {{"X-Amz-Target", "DynamoDB_20120810.Nothing"}}));
    CHECK(w.service->id() == "dynamodb");
    CHECK_FALSE(w.operation);
    CHECK(w.operation_name == "Nothing");
}

TEST_CASE("access keys carry their account") {
    CHECK(account_of_access_key("111122223333") == "111122223333");
    CHECK(account_of_access_key("AKIARZPUZDIKGB2VALC4") == "123456789012");
    CHECK(account_of_access_key("test") == "000000000000");
    CHECK(account_of_access_key("AKIA") == "000000000000");
    CHECK(account_of_access_key("AKIA!!!!!!!!!!!!!!!!") == "000000000000");
}

TEST_CASE("awsQuery is known by its form") {
    auto r = request("POST", "/", {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}, {"Authorization", scope("test", "us-east-1", "sqs")}});
    auto w = identified(r);
    CHECK(w.needs_body());
    identify_body(w, r, "Action=CreateQueue&QueueName=q&Version=2012-11-05", models::all());
    CHECK(w.service->id() == "sqs");
    CHECK(w.operation.name() == "CreateQueue");
    // Unsigned, by version alone.
    r = request("POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}});
    w = identified(r);
    CHECK(w.needs_body());
    identify_body(w, r, "Action=GetCallerIdentity&Version=2011-06-15", models::all());
    CHECK(w.service->id() == "sts");
    w = identified(request("GET", "/?Action=ListRoles&Version=2010-05-08", {}));
    CHECK(w.service->id() == "iam");
    CHECK(w.operation.name() == "ListRoles");
    // A queue's own URL.
    w = identified(request("GET", "/000000000000/q?Action=ReceiveMessage&Version=2012-11-05", {}));
    CHECK(w.service->id() == "sqs");
    CHECK(w.operation.name() == "ReceiveMessage");
}

TEST_CASE("FIPS endpoints are the services' own") {
    auto w = identified(request("GET", "/", {{"Host", "dynamodb-fips.us-west-2.amazonaws.com"}}));
    CHECK(w.service->id() == "dynamodb");
    CHECK(w.region == "us-west-2");
    CHECK(identified(request("GET", "/", {{"Host", "dynamodb-fipsy.us-west-2.amazonaws.com"}})).service->id() == "s3");
}

TEST_CASE("REST paths: the most literal template wins") {
    auto lambda = [&](std::string method, std::string path) { return identified(request(std::move(method), std::move(path), {{"Authorization", scope("test", "us-east-1", "lambda")}})); };
    auto w = lambda("POST", "/2015-03-31/functions/f%2F1/invocations");
    CHECK(w.operation.name() == "Invoke");
    REQUIRE(w.labels.size() == 1);
    CHECK(w.labels[0].second == "f/1");
    CHECK(lambda("GET", "/2015-03-31/functions/").operation.name() == "ListFunctions");
    CHECK(lambda("GET", "/2015-03-31/functions/f").operation.name() == "GetFunction");
    CHECK(lambda("DELETE", "/2017-03-31/tags/arn").operation.name() == "UntagResource");  // its required query parameter is the validation's affair
    CHECK(identified(request("GET", "/2015-03-31/functions", {})).service->id() == "lambda");
    CHECK(lambda("GET", "/2015-03-31/nothing").operation_name.empty());
    CHECK(identified(request("POST", "/restapis?mode=import", {})).operation.name() == "ImportRestApi");
    CHECK(identified(request("POST", "/restapis", {})).operation.name() == "CreateRestApi");
}

TEST_CASE("S3 operations are told apart by query and headers") {
    auto s3 = [&](std::string method, std::string target, std::vector<std::pair<std::string, std::string>> headers = {}) {
        headers.emplace_back("Authorization", scope("test", "us-east-1", "s3"));
        return identified(request(std::move(method), std::move(target), headers));
    };
    CHECK(s3("GET", "/").operation.name() == "ListBuckets");
    CHECK(s3("GET", "/b").operation.name() == "ListObjects");
    CHECK(s3("GET", "/b/?list-type=2").operation.name() == "ListObjectsV2");
    CHECK(s3("GET", "/b?versions").operation.name() == "ListObjectVersions");
    CHECK(s3("PUT", "/b/k").operation.name() == "PutObject");
    CHECK(s3("PUT", "/b/k", {{"x-amz-copy-source", "/a/b"}}).operation.name() == "CopyObject");
    CHECK(s3("PUT", "/b/k?partNumber=1&uploadId=u").operation.name() == "UploadPart");
    CHECK(s3("PUT", "/b/k?partNumber=1&uploadId=u", {{"x-amz-copy-source", "/a/b"}}).operation.name() == "UploadPartCopy");
    CHECK(s3("POST", "/b/k?uploads").operation.name() == "CreateMultipartUpload");
    CHECK(s3("POST", "/b/k?uploadId=u").operation.name() == "CompleteMultipartUpload");
    CHECK(s3("GET", "/b/k?uploadId=u").operation.name() == "ListParts");
    CHECK(s3("DELETE", "/b/k?uploadId=u").operation.name() == "AbortMultipartUpload");
    CHECK(s3("DELETE", "/b/k").operation.name() == "DeleteObject");
    CHECK(s3("GET", "/b/k?x-id=GetObject").operation.name() == "GetObject");
    CHECK(s3("HEAD", "/b/k").operation.name() == "HeadObject");
    CHECK(s3("HEAD", "/b").operation.name() == "HeadBucket");
    CHECK(s3("PUT", "/b").operation.name() == "CreateBucket");
    CHECK(s3("GET", "/b?analytics&id=x").operation.name() == "GetBucketAnalyticsConfiguration");
    CHECK(s3("GET", "/b?analytics").operation.name() == "ListBucketAnalyticsConfigurations");
    CHECK(s3("GET", "/b?notification").operation.name() == "GetBucketNotificationConfiguration");
    CHECK(s3("GET", "/b?lifecycle").operation.name() == "GetBucketLifecycleConfiguration");
    auto w = s3("GET", "/b//a%20b/c+d");
    REQUIRE(w.labels.size() == 2);
    CHECK(w.labels[1].second == "/a b/c+d");
    w = s3("PUT", "/k", {{"Host", "my.bucket.s3.localhost:4566"}});
    CHECK(w.bucket_from_host == "my.bucket");
    CHECK(w.operation.name() == "PutObject");
    CHECK(w.labels[0].second == "my.bucket");
    CHECK(identified(request("GET", "/b/k", {})).service->id() == "s3");  // unsigned
}

TEST_CASE("S3 virtual hosts") {
    CHECK(s3_bucket_of_host("bucket.s3.localhost", true) == "bucket");
    CHECK(s3_bucket_of_host("bucket.s3.us-east-1.amazonaws.com", true) == "bucket");
    CHECK(s3_bucket_of_host("b.s3.dualstack.eu-west-1.amazonaws.com", true) == "b");
    CHECK(s3_bucket_of_host("b.s3-eu-west-1.amazonaws.com", true) == "b");
    CHECK(s3_bucket_of_host("bucket.s3.localhost.localstack.cloud:4566", false) == "bucket");
    CHECK(s3_bucket_of_host("s3.localhost:4566", true) == "");
    CHECK(s3_bucket_of_host("bucket.localhost:4566", true) == "bucket");
    CHECK(s3_bucket_of_host("bucket.localhost:4566", false) == "");
    CHECK(s3_bucket_of_host("127.0.0.1:4566", true) == "");
    CHECK(s3_bucket_of_host("localhost", true) == "");
}

TEST_CASE("presigned URLs and hosts") {
    auto old = identified(request("GET", "/?Action=ListQueues&Version=2012-11-05&AWSAccessKeyId=111122223333&Signature=x&SignatureVersion=2", {}));
    CHECK(old.service->id() == "sqs");
    CHECK(old.account == "111122223333");
    CHECK(identified(request("GET", "/b/k?AWSAccessKeyId=111122223333&Signature=x&Expires=1", {})).service->id() == "s3");
    auto w = identified(request("GET", "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=111122223333%2F20260102%2Feu-west-2%2Fs3%2Faws4_request&X-Amz-Signature=0", {}));
    CHECK(w.presigned);
    CHECK(w.account == "111122223333");
    CHECK(w.region == "eu-west-2");
    CHECK(w.operation.name() == "GetObject");
    w = identified(request("POST", "/", {{"Host", "sqs.eu-central-1.amazonaws.com"}, {"Content-Type", "application/x-www-form-urlencoded"}}));
    CHECK(w.service->id() == "sqs");
    CHECK(w.region == "eu-central-1");
    w = identified(request("POST", "/", {{"Host", "123456789012.ddb.us-west-2.amazonaws.com"}}));
    CHECK(w.service->id() == "dynamodb");
    w = identified(request("POST", "/x", {{"Authorization", scope("test", "us-east-1", "ec2")}}));
    CHECK(w.service == nullptr);  // a service that is not here is not taken for another
}
