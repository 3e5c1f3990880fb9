// Deliveries over HTTP: API destinations with their connections, and API Gateway.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/events/delivery.hpp"

namespace virga::events {

// The job that fetches a connection's first token; its payload is the connection's name.
inline constexpr const char* authorize_job = "events.authorize";

// The connection an ARN names, null when there is none (or an older one of that name).
Value find_connection(Partition& partition, std::string_view arn);

// What a partition remembers of the outside: tokens, and how often each destination was called. Both can be lost.
class Outbound : public Part {
public:
    Outbound(Partition&, Database&) {}

    struct Token {
        std::string value, version;  // of the connection it was fetched for
        TimeMs until = 0;
    };
    std::optional<std::string> token(const std::string& connection, std::string_view version, TimeMs now);
    void keep(const std::string& connection, Token token);
    void forget(const std::string& connection);

    // A place in the destination's rate, at `now` or later: at most `rate` places a second.
    TimeMs reserve(const std::string& destination, std::int64_t rate, TimeMs now);

private:
    struct Window {
        TimeMs begin = 0;
        std::int64_t used = 0;
    };
    std::mutex mutex_;
    std::map<std::string, Token> tokens_;
    std::map<std::string, Window> windows_;
};

// Where API Gateway is reached: the dispatcher's routes.
struct Door : Part {
    explicit Door(World&) {}
    Dispatcher* dispatcher = nullptr;
};

// Authorizes a request with the connection's credentials; a failure when no token can be had. oauth.cpp
struct Authorization {
    std::optional<Failure> failure;
    std::string header;  // of Authorization, empty when none
};
Task<Authorization> authorize(std::shared_ptr<Partition> partition, std::string connection_name, Value connection);
Task<JobOutcome> run_authorize(std::shared_ptr<Partition> partition, Job job);

// One event to an API destination, or to API Gateway. `event`: the envelope, `input`: what the target gets of it.
Task<Outcome> to_api_destination(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::string event, std::string input, TraceContext trace);
Task<Outcome> to_api_gateway(std::shared_ptr<Partition> from, std::shared_ptr<const Delivery> delivery, std::string event, std::string input, TraceContext trace);

// The parts of a request that a target's HttpParameters say: '*' in `url` filled, values that are paths taken from the event. http_parameters.cpp
struct HttpParts {
    std::string url;  // or a path
    std::vector<std::pair<std::string, std::string>> headers, query;
};
HttpParts http_parts(std::string_view url, const Value& parameters, std::string_view event);
// {"HeaderParameters": [..], "QueryStringParameters": [..], "BodyParameters": [..]} of a connection over what is there: the connection wins.
void add_connection_parameters(const Value& parameters, HttpParts& parts, std::string& body);
// The URL with the query appended, percent-encoded.
std::string with_query(const std::string& url, const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace virga::events
