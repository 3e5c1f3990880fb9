// The parts of a request that HttpParameters of targets and connections say.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::targets {

struct HttpParts {
    std::string url;  // or a path
    std::vector<std::pair<std::string, std::string>> headers, query;
};
// A target's {"PathParameterValues": [..], "HeaderParameters": {..}, "QueryStringParameters": {..}}: each '*' in `url` filled with the next value.
// `resolve` says what a value stands for: those that are JSON paths, what is there in the event.
HttpParts http_parts(std::string_view url, const Value& parameters, const std::function<std::string(const std::string&)>& resolve);
// {"HeaderParameters": [..], "QueryStringParameters": [..], "BodyParameters": [..]} of a connection over what is there: the connection wins.
void add_connection_parameters(const Value& parameters, HttpParts& parts, std::string& body);
// The URL with the query appended, percent-encoded.
std::string with_query(const std::string& url, const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace virga::targets
