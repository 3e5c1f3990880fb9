#include <doctest/doctest.h>

#include "apis/protocol/cbor.hpp"
#include "apis/protocol/models.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/base/json.hpp"

using namespace virga;
using namespace virga::protocol;

namespace {

HttpRequest post(const std::string& target, const std::string& type = "application/x-amz-json-1.0") {
    HttpRequest r;
    r.method = "POST";
    r.target = "/";
    if (!target.empty()) r.headers.add("X-Amz-Target", target);
    r.headers.add("Content-Type", type);
    return r;
}

WireRequest identified(const HttpRequest& r) { return identify(r, models::all()); }

struct Failure {
    std::string code, message;
    bool operator==(const Failure&) const = default;
};

Failure decode_failure(const std::string& target, const std::string& body) {
    HttpRequest r = post(target);
    try {
        decode_input(identified(r), r, body);
    } catch (const ApiError& e) {
        CHECK(e.status == 400);
        CHECK(e.code == "SerializationException");
        return {e.code, e.message};
    }
    return {};
}

std::string text_of(const std::string& target, const std::string& body) { return decode_failure(target, body).message; }

HttpResponse failed(const std::string& target, const ApiError& error) { return encode_error(identified(post(target)), error, "RID", {}); }

}  // namespace

TEST_CASE("DynamoDB input: blobs are decoded, numbers stay text, unknown members go") {
    HttpRequest r = post("DynamoDB_20120810.PutItem");
    Value v = decode_input(identified(r), r, R"({"TableName":"t","Nothing":[1,{"a":2}],"Item":{"a":{"N":"1.0"},"b":{"B":"AAE="},"c":{"L":[{"S":"x"},null]}}})");
    CHECK(v.text("TableName") == "t");
    CHECK_FALSE(v.has("Nothing"));
    CHECK(v["Item"]["a"]["N"].as_string() == "1.0");
    CHECK(v["Item"]["b"]["B"].as_bytes() == std::string("\0\1", 2));
    CHECK(v["Item"]["c"]["L"].as_array()[1].is_null());
}

TEST_CASE("type errors are said in DynamoDB's words") {
    const char* put = "DynamoDB_20120810.PutItem";
    CHECK(text_of(put, R"({"TableName":123})") == "NUMBER_VALUE cannot be converted to String");
    CHECK(text_of(put, R"({"TableName":1.5})") == "DECIMAL_VALUE cannot be converted to String");
    CHECK(text_of(put, R"({"TableName":true})") == "TRUE_VALUE cannot be converted to String");
    CHECK(text_of(put, R"({"TableName":false})") == "FALSE_VALUE cannot be converted to String");
    CHECK(text_of("DynamoDB_20120810.Query", R"({"Limit":"1"})") == "STRING_VALUE cannot be converted to Integer");
    CHECK(text_of(put, R"({"TableName":{}})") == "Start of structure or map found where not expected");
    CHECK(text_of(put, R"({"Item":"x"})") == "Unexpected field type");
    CHECK(text_of(put, R"({"Item":{"a":{"B":1}}})") == "only base-64-encoded strings are convertible to bytes");
    CHECK(text_of(put, R"({"Item":{"a":{"B":"abc"}}})") == "Base64 encoded length is expected a multiple of 4 bytes but found: 3");
    CHECK(text_of(put, R"({"Item":{"a":{"B":"AAF="}}})") == "Invalid last non-pad Base64 character dectected");
    CHECK(text_of(put, R"({"Item":{"a":{"N":123}}})") == "NUMBER_VALUE cannot be converted to String");
    CHECK(text_of(put, R"([])") == "Unexpected value type in payload");
    for (const char* broken : {"", "{", "nonsense", R"({"a":1}x)", R"({"a":"\ud800" "b"})"}) CHECK(decode_failure(put, broken) == Failure{"SerializationException", ""});
    CHECK(decode_failure(put, std::string(200000, '[')).code == "SerializationException");  // depth cannot exhaust the stack
    std::string deep = R"({"Item":{"a":)";
    for (int i = 0; i < 100000; ++i) deep += R"({"M":{"a":)";
    CHECK(decode_failure(put, deep).code == "SerializationException");
    CHECK(text_of("Kinesis_20131202.CreateStream", R"({"ShardCount":"x"})") == "class java.lang.String can not be converted to an Integer");
    CHECK(text_of("Kinesis_20131202.PutRecord", R"({"Data":"abc"})") ==
          "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3");
    CHECK(text_of("Kinesis_20131202.PutRecord", R"({"Data":"=+/="})") == "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='");
    CHECK(text_of("Kinesis_20131202.PutRecords", R"({"Records":["x"]})") == "Expected null");
    CHECK(text_of("Kinesis_20131202.AddTagsToStream", R"({"Tags":"x"})") == "Expected map or null");
}

TEST_CASE("DynamoDB errors have their namespace and checksum") {
    HttpResponse r = failed("DynamoDB_20120810.GetItem", ApiError("ResourceNotFoundException", 400, "Requested resource not found"));
    CHECK(r.status == 400);
    CHECK(r.body == R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"})");
    CHECK(r.headers.get("content-type") == "application/x-amz-json-1.0");
    CHECK(r.headers.get("x-amz-crc32") == std::to_string(crc32(r.body)));
    CHECK(r.headers.get("x-amzn-requestid") == "RID");
    CHECK(failed("DynamoDB_20120810.GetItem", ApiError("ValidationException", 400, "m")).body == R"({"__type":"com.amazon.coral.validate#ValidationException","message":"m"})");
    CHECK(failed("DynamoDB_20120810.GetItem", ApiError("SerializationException", 400, "m")).body == R"({"__type":"com.amazon.coral.service#SerializationException","Message":"m"})");
    CHECK(failed("DynamoDB_20120810.GetItem", ApiError("SerializationException", 400, "")).body == R"({"__type":"com.amazon.coral.service#SerializationException"})");
    // The model of this one says Message; its reasons are structures of the model.
    CHECK(failed("DynamoDB_20120810.TransactWriteItems", ApiError("TransactionCanceledException", 400, "m", Object{{"CancellationReasons", Array{Object{{"Code", "None"}}}}})).body ==
          R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"m","CancellationReasons":[{"Code":"None"}]})");
}

TEST_CASE("an item's attribute values go out as they are") {
    WireRequest w = identified(post("DynamoDB_20120810.GetItem"));
    Value out = Object{{"Item", Object{{"a", Object{{"N", "1.10"}}}, {"b", Object{{"B", Bytes{"\x01\x02"}}}}, {"n", Object{{"NULL", true}}}}}};
    HttpResponse r = encode_output(w, out, false, "RID", {});
    CHECK(r.body == R"({"Item":{"a":{"N":"1.10"},"b":{"B":"AQI="},"n":{"NULL":true}}})");
    w = identified(post("DynamoDB_20120810.TagResource"));
    CHECK(encode_output(w, Object(), false, "RID", {}).body.empty());
    w = identified(post("DynamoDB_20120810.ListTables", "application/json"));
    CHECK(encode_output(w, Object(), false, "RID", {}).headers.get("content-type") == "application/json");
}

TEST_CASE("SQS errors carry the code of the Query form") {
    HttpResponse r = failed("AmazonSQS.GetQueueUrl", ApiError("QueueDoesNotExist", 400, "The specified queue does not exist."));
    CHECK(r.status == 400);
    CHECK(r.body == R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."})");
    CHECK(r.headers.get("x-amzn-query-error") == "AWS.SimpleQueueService.NonExistentQueue;Sender");
    r = failed("AmazonSQS.ReceiveMessage", ApiError("InvalidParameterValueException", 400, "m"));
    CHECK(r.body == R"({"__type":"com.amazon.coral.service#InvalidParameterValueException","message":"m"})");
    CHECK(r.headers.get("x-amzn-query-error") == "InvalidParameterValue;Sender");
    HttpRequest mode = post("AmazonSQS.PurgeQueue");
    CHECK(encode_error(identified(mode), ApiError("PurgeQueueInProgress", 403, "m"), "RID", {}).status == 400);
    mode.headers.add("x-amzn-query-mode", "true");
    CHECK(encode_error(identified(mode), ApiError("PurgeQueueInProgress", 403, "m"), "RID", {}).status == 403);
}

TEST_CASE("SQS speaks Query") {
    HttpRequest r = post("", "application/x-www-form-urlencoded");
    WireRequest w = identified(r);
    std::string body = "Action=SendMessage&Version=2012-11-05&QueueUrl=u&MessageBody=a%20b&MessageAttribute.1.Name=k&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v";
    identify_body(w, r, body, models::all());
    Value v = decode_input(w, r, body);
    CHECK(v.text("MessageBody") == "a b");
    CHECK(v["MessageAttributes"]["k"]["StringValue"].as_string() == "v");
    body = "Action=CreateQueue&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Attribute.2.Name=VisibilityTimeout&Attribute.2.Value=9&Tag.1.Key=a&Tag.1.Value=b";
    w = identified(r);
    identify_body(w, r, body, models::all());
    v = decode_input(w, r, body);
    CHECK(v["Attributes"].text("DelaySeconds") == "5");
    CHECK(v["Attributes"].text("VisibilityTimeout") == "9");
    CHECK(v["tags"].text("a") == "b");
    body = "Action=ReceiveMessage&QueueUrl=u&AttributeName.1=All&AttributeName.2=x&MaxNumberOfMessages=10";
    w = identified(r);
    identify_body(w, r, body, models::all());
    v = decode_input(w, r, body);
    CHECK(v.list("AttributeNames").size() == 2);
    CHECK(v.integer("MaxNumberOfMessages") == 10);
    Value out = Object{{"Messages", Array{Object{{"MessageId", "1"}, {"Body", "<a>\r\"x\""}, {"Attributes", Object{{"SentTimestamp", "5"}}}}}}};
    CHECK(encode_output(w, out, false, "RID", {}).body ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ReceiveMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ReceiveMessageResult><Message><MessageId>1</MessageId>"
          "<Body>&lt;a&gt;&#xD;&quot;x&quot;</Body><Attribute><Name>SentTimestamp</Name><Value>5</Value></Attribute></Message></ReceiveMessageResult>"
          "<ResponseMetadata><RequestId>RID</RequestId></ResponseMetadata></ReceiveMessageResponse>");
    HttpResponse e = encode_error(w, ApiError("QueueDoesNotExist", 400, "gone"), "RID", {});
    CHECK(e.body.find("<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>gone</Message><Detail></Detail></Error><RequestId>RID</RequestId>") != std::string::npos);
}

TEST_CASE("REST errors") {
    HttpRequest r;
    r.method = "GET";
    r.target = "/2015-03-31/functions/f";
    HttpResponse e = encode_error(identified(r), ApiError("ResourceNotFoundException", 404, "Function not found: f"), "RID", {});
    CHECK(e.status == 404);
    CHECK(e.headers.get("x-amzn-errortype") == "ResourceNotFoundException");
    CHECK(e.body == R"({"Type":"User","Message":"Function not found: f"})");
    r.target = "/restapis/x";
    e = encode_error(identified(r), ApiError("NotFoundException", 404, "Invalid API identifier specified"), "RID", {});
    CHECK(e.body == R"({"message":"Invalid API identifier specified"})");
    r.target = "/b/k";
    ApiError missing("NoSuchKey", 404, "The specified key does not exist.", Object{{"Key", "k"}});
    e = encode_error(identified(r), missing, "RID", {});
    CHECK(e.body.find("<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>k</Key><RequestId>RID</RequestId><HostId>") != std::string::npos);
    CHECK(e.headers.get("x-amz-request-id") == "RID");
    r.method = "HEAD";
    CHECK(encode_error(identified(r), missing, "RID", {}).body.empty());
}

TEST_CASE("S3 answers") {
    HttpRequest r;
    r.method = "GET";
    r.target = "/";
    Value out = Object{{"Buckets", Array{Object{{"Name", "b"}, {"CreationDate", Timestamp{1700000000000}}}}}, {"Owner", Object{{"ID", "o"}}}};
    CHECK(encode_output(identified(r), out, false, "RID", {}).body ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Buckets><Bucket><Name>b</Name>"
          "<CreationDate>2023-11-14T22:13:20.000Z</CreationDate></Bucket></Buckets><Owner><ID>o</ID></Owner></ListAllMyBucketsResult>");
    r.target = "/b?location";
    CHECK(encode_output(identified(r), Object{{"LocationConstraint", "eu-west-1"}}, false, "RID", {}).body.ends_with(
        "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">eu-west-1</LocationConstraint>"));
    r.target = "/b?acl";
    out = Object{{"Owner", Object{{"ID", "o"}}}, {"Grants", Array{Object{{"Grantee", Object{{"Type", "CanonicalUser"}, {"ID", "o"}}}, {"Permission", "FULL_CONTROL"}}}}};
    CHECK(encode_output(identified(r), out, false, "RID", {}).body.find(
              "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>o</ID></Grantee>") != std::string::npos);
    r.target = "/b?delete";
    r.method = "POST";
    Value in = decode_input(identified(r), r, "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a &amp; b</Key></Object><Object><Key>c</Key></Object><Quiet>true</Quiet></Delete>");
    CHECK(in["Delete"].list("Objects").size() == 2);
    CHECK(in["Delete"].list("Objects")[0].text("Key") == "a & b");
    CHECK(in["Delete"].flag("Quiet"));
    CHECK_THROWS_AS(decode_input(identified(r), r, "<Delete"), ApiError);
    r.method = "GET";
    r.target = "/b/k";
    r.headers.add("If-Modified-Since", "Tue, 14 Nov 2023 22:13:20 GMT");
    r.headers.add("x-amz-checksum-mode", "ENABLED");
    in = decode_input(identified(r), r, "");
    CHECK(in["IfModifiedSince"].as_time() == 1700000000000);
    r.headers.set("If-Modified-Since", "yesterday");
    CHECK_FALSE(decode_input(identified(r), r, "").has("IfModifiedSince"));
    CHECK(in.text("Bucket") == "b");
    out = Object{{"LastModified", Timestamp{1700000000000}}, {"ContentLength", 5}, {"Metadata", Object{{"a", "b\r\nSet-Cookie: x"}}}};
    HttpResponse response = encode_output(identified(r), out, true, "RID", {});
    CHECK(response.headers.get("last-modified") == "Tue, 14 Nov 2023 22:13:20 GMT");
    CHECK(response.headers.get("x-amz-meta-a").find('\n') == std::string_view::npos);
}

TEST_CASE("S3: what cannot be read") {
    auto code = [](const std::string& target) -> std::string {
        HttpRequest r;
        r.method = "GET";
        r.target = target;
        try {
            decode_input(identified(r), r, "");
        } catch (const ApiError& e) {
            return e.code + ": " + e.message;
        }
        return "";
    };
    CHECK(code("/b?max-keys=x") == "InvalidArgument: Provided max-keys not an integer or within integer range");
    CHECK(code("/b?max-keys=99999999999") == "InvalidArgument: Provided max-keys not an integer or within integer range");
    CHECK(code("/b/%ff") == "InvalidURI: Couldn't parse the specified URI.");
    CHECK(code("/b?max-keys=5") == "");
}

TEST_CASE("headers may stand in a presigned URL's query") {
    HttpRequest r;
    r.method = "PUT";
    r.target = "/b/k?X-Amz-Credential=a%2F20260102%2Fus-east-1%2Fs3%2Faws4_request&x-amz-acl=private&X-Amz-Meta-Color=red";
    Value in = decode_input(identified(r), r, "");
    CHECK(in.text("ACL") == "private");
    CHECK(in["Metadata"].text("Color") == "red");
}

TEST_CASE("Kinesis in CBOR: milliseconds, and errors are maps") {
    HttpRequest r = post("Kinesis_20131202.PutRecord", "application/x-amz-cbor-1.1");
    WireRequest w = identified(r);
    std::string body;
    cbor::write_head(body, 5, 2);
    cbor::write_text(body, "StreamName");
    cbor::write_text(body, "s");
    cbor::write_text(body, "Data");
    cbor::write_bytes(body, std::string("\0x", 2));
    Value v = decode_input(w, r, body);
    CHECK(v["Data"].as_bytes() == std::string("\0x", 2));
    r = post("Kinesis_20131202.GetShardIterator", "application/x-amz-cbor-1.1");
    v = decode_input(identified(r), r, hex_decode("bf6954696d657374616d70c11b0000018bcfe56800ff").value());
    CHECK(v["Timestamp"].as_time() == 1700000000000);
    HttpResponse e = encode_error(w, ApiError("ResourceNotFoundException", 400, "gone"), "RID", {});
    cbor::Reader reader(e.body);
    CHECK(reader.value() == Value(Object{{"__type", "ResourceNotFoundException"}, {"message", "gone"}}));
    CHECK(e.headers.get("content-type") == "application/x-amz-cbor-1.1");
    CHECK_THROWS_AS(decode_input(w, r, "\xbf"), ApiError);
}

TEST_CASE("compressed requests") {
    HttpRequest r = post("DynamoDB_20120810.PutItem");
    r.headers.add("Content-Encoding", "gzip");
    CHECK(decode_input(identified(r), r, gzip(R"({"TableName":)") + gzip(R"("t"})")).text("TableName") == "t");  // several members
    for (std::string broken : {std::string("nonsense"), gzip(R"({"TableName":"t"})").substr(0, 20)}) {
        try {
            decode_input(identified(r), r, broken);
            FAIL_CHECK("no error");
        } catch (const ApiError& e) {
            CHECK(e.status == 500);
        }
    }
}

TEST_CASE("DynamoDB compresses large answers as the client wants them") {
    auto answer = [](const std::string& accepted, std::size_t size) {
        HttpRequest r = post("DynamoDB_20120810.GetItem");
        if (!accepted.empty()) r.headers.add("Accept-Encoding", accepted);
        return encode_error(identified(r), ApiError("ValidationException", 400, std::string(size, 'x')), "RID", {});
    };
    const std::string plain = answer("", 5000).body;
    CHECK(answer("gzip", 100).headers.find("content-encoding") == nullptr);
    for (auto [accepted, coding] : {std::pair{"gzip", "gzip"}, {"deflate", "deflate"}, {"br, gzip;q=0.2, deflate;q=0.5", "deflate"}, {"*", "gzip"}, {"gzip;q=0, *", "deflate"}}) {
        const HttpResponse r = answer(accepted, 5000);
        std::string unpacked;
        CHECK(r.headers.get("content-encoding") == coding);
        CHECK(inflate(r.body, 10000, unpacked) == Inflated::whole);
        CHECK(unpacked == plain);
        CHECK(r.headers.get("x-amz-crc32") == std::to_string(crc32(r.body)));
    }
    for (const char* refused : {"identity", "br", "gzip;q=0", "*;q=0"}) CHECK(answer(refused, 5000).body == plain);
}

TEST_CASE("DynamoDB and Kinesis look at method and type first") {
    auto stops = [](const std::string& target, const std::string& type, const char* method = "POST") {
        HttpRequest r = post(target, type);
        r.method = method;
        const WireRequest w = identified(r);
        if (w.at_the_door) {
            const HttpResponse answer = answer_at_the_door(w, r, "RID");
            CHECK(answer.status == 404);
            CHECK(answer.body == "<UnknownOperationException/>\n");
            CHECK(answer.headers.get("x-amzn-requestid") == "RID");
        }
        return w.at_the_door;
    };
    for (const char* type : {"application/x-amz-json-1.0", "application/json", "application/json; charset=UTF-8"}) CHECK_FALSE(stops("DynamoDB_20120810.ListTables", type));
    for (const char* type : {"application/x-amz-json-1.1", "text/plain", "application/x-www-form-urlencoded"}) CHECK(stops("DynamoDB_20120810.ListTables", type));
    CHECK(stops("DynamoDB_20120810.ListTables", "application/json", "PUT"));
    for (const char* type : {"application/x-amz-json-1.1", "application/json", "application/x-amz-cbor-1.1"}) CHECK_FALSE(stops("Kinesis_20131202.ListStreams", type));
    CHECK(stops("Kinesis_20131202.ListStreams", "text/xml"));
    CHECK_FALSE(stops("AmazonSQS.ListQueues", "text/xml"));

    HttpRequest get;
    get.method = "GET";
    get.target = "/";
    get.headers.add("Host", "dynamodb.eu-west-1.amazonaws.com");
    const HttpResponse healthy = answer_at_the_door(identified(get), get, "RID");
    CHECK(healthy.status == 200);
    CHECK(healthy.body == "healthy: dynamodb.eu-west-1.amazonaws.com ");
    CHECK(healthy.headers.get("x-amz-crc32") == std::to_string(crc32(healthy.body)));
}

TEST_CASE("what is not there is said in the service's words") {
    HttpRequest r = post("DynamoDB_20120810.Nothing");
    CHECK(unknown_operation(identified(r), r).code == "UnknownOperationException");
    r = post("secretsmanager.GetSecretValue", "application/x-amz-json-1.1");
    r.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=a/20260102/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0");
    CHECK(unknown_operation(identified(r), r).status == 501);
    CHECK(unknown_operation(identified(r), r).message == "virga does not implement secretsmanager:GetSecretValue.");
    HttpRequest form;
    form.method = "POST";
    form.target = "/bucket";
    form.headers.add("Content-Type", "multipart/form-data; boundary=x");
    CHECK(unknown_operation(identified(form), form).message == "virga does not implement s3:PostObject.");
    HttpRequest q = post("", "application/x-www-form-urlencoded");
    WireRequest w = identified(q);
    identify_body(w, q, "Action=Nothing&Version=2010-05-08", models::all());
    ApiError e = unknown_operation(w, q);
    CHECK(e.code == "InvalidAction");
    CHECK(e.message == "Could not find operation Nothing for version 2010-05-08");
}
