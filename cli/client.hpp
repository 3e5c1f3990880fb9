// A minimal HTTP client for the commands that talk to a running virga.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace virga::cli {

struct Answer {
    int status = 0;
    std::string body;
};

struct Unreachable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// One request on a connection of its own. `endpoint` is "http://host:port". Throws Unreachable with one sentence.
Answer request(const std::string& endpoint, const std::string& method, const std::string& path, const std::string& body = {},
               const std::vector<std::pair<std::string, std::string>>& headers = {});

}  // namespace virga::cli
