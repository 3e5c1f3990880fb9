// A client's request to an API, and the answer, apart from HTTP's own form.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/gateway/routes.hpp"

namespace virga::gateway {

using Fields = std::vector<std::pair<std::string, std::string>>;  // in the order and spelling they came in

// The last value under `name`, or null. Exact spelling, as parameter mappings want it.
const std::string* last_of(const Fields& fields, std::string_view name);
// The first value under `name` in any spelling, or null.
const std::string* header_of(const Fields& headers, std::string_view name);

struct Request {
    std::string method;
    std::string path;           // as sent, without the stage: "/pets/7"
    Fields query;               // decoded
    Fields headers;             // as sent
    std::string body;
    std::string source_ip;
    std::string domain_name;    // "abc123.execute-api.localhost"
    std::string forwarded_port, forwarded_proto;

    std::string account, api_id, stage, deployment_id;
    Object stage_variables{};
    std::string request_id;     // a UUID
    std::string extended_id;    // x-amz-apigw-id
    std::string trace_header;   // what the backend gets as X-Amzn-Trace-Id
    TimeMs time = 0;
    Match match{};              // empty until routed
};

struct Answer {
    int status = 200;
    Fields headers{};
    std::string body{};
};

// The requestContext of a proxy event; $context of templates is the same and more (see context_document).
Object request_context(const Request& request);
// `value` as text in a URL, a header or a template: strings as they are, no exponent for numbers, JSON for the rest.
std::string plain_text(const Value& value);
// The form of events and access logs: "09/Apr/2026:12:34:56 +0000".
std::string request_time(TimeMs time);

}  // namespace virga::gateway
