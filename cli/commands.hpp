// The commands that talk to a running virga. Each prints for a person and answers the exit code.
#pragma once
#include <string>

namespace virga::cli {

int status(const std::string& endpoint);
// Waits until nothing is in flight, at most `timeout` ("30s"); prints what is busy when it does not become idle.
int wait(const std::string& endpoint, const std::string& timeout);
// body: the control API's request; empty = read.
int clock(const std::string& endpoint, const std::string& body);
int reset(const std::string& endpoint, const std::string& account);
int env(const std::string& endpoint);
// The log events of a function (or of a log group when the name has a slash), oldest first.
int logs(const std::string& endpoint, const std::string& name, const std::string& account, const std::string& region);

struct ExplainOptions {
    std::string event = "-";  // a file with the event, "-": standard input
    std::string bus = "default", rule, account, region;
};
// Says of each rule of a bus, or of one, why it matches an event or does not: field, expected, found. explain.cpp
int explain(const std::string& endpoint, const ExplainOptions& options);

}  // namespace virga::cli
