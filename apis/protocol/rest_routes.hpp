// Which operation of a REST service a method, path and query mean.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apis/http/message.hpp"
#include "apis/protocol/model.hpp"

namespace virga::protocol {

struct RestRoute {
    model::Operation operation;  // false: none matches
    std::vector<std::pair<std::string, std::string>> labels;
};

// `path` is raw, from the first slash. Among the operations whose method, path template and literal query parameters fit, the one wins
// with the most literals, then the one most of whose required query and header members are there (S3 tells UploadPart from PutObject so).
RestRoute route_rest(const model::Service& service, std::string_view method, std::string_view path, std::string_view query, const Headers& headers);

}  // namespace virga::protocol
