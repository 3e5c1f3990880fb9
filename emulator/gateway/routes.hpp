// Which resource and method a request path belongs to.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::gateway {

// "{id}" and "{proxy+}": a path part that stands for what the client sends.
bool is_variable(std::string_view part);
bool is_greedy(std::string_view part);
std::string_view variable_name(std::string_view part);  // "proxy" of "{proxy+}"

struct Route {
    std::string resource_id;
    std::string path;     // "/pets/{id}"
    Object methods{};     // by HTTP method or "ANY"
    std::vector<std::string> parts{};  // of path; made by Routes
};

struct Match {
    const Route* route = nullptr;
    const Value* method = nullptr;  // the method's document
    std::string verb;               // its key: the request's, or "ANY"
    std::vector<std::pair<std::string, std::string>> parameters;
    explicit operator bool() const { return route != nullptr; }
};

// The routes of one API. What is matched are (resource, method) pairs: by segment a literal goes before {param}, that before
// {greedy+}, and a resource that has neither the verb nor ANY is passed over. (Measured against the service.)
class Routes {
public:
    Routes() = default;
    explicit Routes(std::vector<Route> routes);
    // `path` as sent, without the stage; a slash at its end is ignored. Parameters are percent-decoded.
    Match find(std::string_view method, std::string_view path) const;
    const std::vector<Route>& all() const { return routes_; }

private:
    std::vector<Route> routes_;  // most specific first
};

}  // namespace virga::gateway
