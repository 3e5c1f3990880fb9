// The outbound port: how engines and jobs reach other services, and the form of every call. See DESIGN 1.1.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "emulator/base/cancel.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/stream.hpp"
#include "emulator/base/task.hpp"
#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"
#include "emulator/world/trace.hpp"

namespace virga {

struct Principal {
    std::string account = "000000000000";
    std::string arn;      // "arn:aws:iam::000000000000:root", an assumed role, a service
    std::string user_id;  // "000000000000", "AROA...:session"
    std::string service;  // "events.amazonaws.com" when a service acts; else empty
    std::string access_key;
};

struct HttpExchange;  // apis/http: what an operation may need of the HTTP request; null for calls from inside

struct Call {
    std::string service;    // model name: "dynamodb", "streams.dynamodb", "kinesis", "events", "sqs", "s3", "lambda", "apigateway", "sts", "iam", "logs"
    std::string operation;  // "PutItem"
    PartitionId partition;
    Principal principal;
    Value input = Object();             // by the API model's member names; blobs as Bytes, times as Timestamp
    std::shared_ptr<ByteSource> body;   // the streaming member of the input, when the operation has one
    TraceContext trace;
    std::string endpoint;               // "http://127.0.0.1:4566": how the caller reached us, for URLs in answers
    const HttpExchange* http = nullptr;
    bool json_reply = false;            // the reply goes out as awsJson: parts of it may be JsonText
    std::shared_ptr<Cancel> cancel;     // the client has gone: what waits ends. Null for calls from inside
};

struct Reply {
    Value output = Object();
    std::shared_ptr<ByteSource> body;  // the streaming member of the output
    std::optional<ApiError> error;
    std::string request_id;
    // Throws the error, if it is one.
    const Value& value() const {
        if (error) throw *error;
        return output;
    }
};

class Calls {
public:
    virtual ~Calls() = default;
    // Validates, checks, performs and traces like a call over HTTP. Errors come in the Reply; it throws nothing.
    virtual Task<Reply> call(Call call) = 0;
};

// A call by a service on a customer's behalf ("events.amazonaws.com").
Call service_call(std::string service, std::string operation, const PartitionId& partition, std::string by, Value input, TraceContext trace = {});

}  // namespace virga
