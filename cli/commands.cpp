#include "cli/commands.hpp"

#include <cstdio>

#include "cli/client.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/base/value.hpp"

namespace virga::cli {

namespace {

Value parsed(const Answer& answer) {
    Value v;
    if (!json::try_parse(answer.body, v)) throw Unreachable("The answer is no JSON: " + answer.body.substr(0, 200));
    return v;
}

Value get(const std::string& endpoint, const std::string& path) { return parsed(request(endpoint, "GET", path)); }

std::string text(const Value& v, std::string_view name) { return std::string(v.text(name)); }

void print_busy(const Value& answer) {
    for (const Value& b : answer.list("busy"))
        std::fprintf(stderr, "  %s %s, for %.1f s\n", text(b, "kind").c_str(), text(b, "resource").c_str(), b["age"].is_number() ? b["age"].as_double() : 0);
}

int refused(const Value& answer) {
    std::fprintf(stderr, "virga: %s\n", text(answer, "error").c_str());
    print_busy(answer);
    return 1;
}

}  // namespace

int status(const std::string& endpoint) {
    Value health = get(endpoint, "/_virga/health");
    Value clock_now = get(endpoint, "/_virga/clock");
    std::printf("virga %s at %s\n", text(health, "version").c_str(), endpoint.c_str());
    std::printf("clock: %s%s\n", text(clock_now, "now").c_str(), clock_now.flag("frozen") ? " (frozen)" : "");
    std::printf("idle: %s\n", health.flag("idle") ? "yes" : "no");
    const Value operations = get(endpoint, "/_virga/operations");
    for (const Value& s : operations.list("services"))
        std::printf("%-20s %3zu of %3zu operations\n", text(s, "service").c_str(), s.list("implemented").size(), s.list("implemented").size() + s.list("missing").size());
    return 0;
}

int wait(const std::string& endpoint, const std::string& timeout) {
    Value answer = parsed(request(endpoint, "POST", "/_virga/idle", json::write(Object{{"timeout", timeout}})));
    if (answer.has("error")) return refused(answer);
    if (answer.flag("idle")) {
        std::printf("idle\n");
        return 0;
    }
    std::fprintf(stderr, "virga: still busy after %s:\n", timeout.c_str());
    print_busy(answer);
    return 1;
}

int clock(const std::string& endpoint, const std::string& body) {
    Value answer = parsed(body.empty() ? request(endpoint, "GET", "/_virga/clock") : request(endpoint, "POST", "/_virga/clock", body));
    if (answer.has("error")) return refused(answer);
    std::printf("%s%s\n", text(answer, "now").c_str(), answer.flag("frozen") ? " (frozen)" : "");
    return 0;
}

int reset(const std::string& endpoint, const std::string& account) {
    Value answer = parsed(request(endpoint, "POST", "/_virga/reset", account.empty() ? "{}" : json::write(Object{{"account", account}})));
    if (answer.has("error")) return refused(answer);
    std::printf("reset: %s\n", text(answer, "reset").c_str());
    return 0;
}

int env(const std::string& endpoint) {
    std::printf("export AWS_ENDPOINT_URL=%s\nexport AWS_ACCESS_KEY_ID=test\nexport AWS_SECRET_ACCESS_KEY=test\nexport AWS_REGION=us-east-1\nexport AWS_DEFAULT_REGION=us-east-1\n", endpoint.c_str());
    return 0;
}

int logs(const std::string& endpoint, const std::string& name, const std::string& account, const std::string& region) {
    std::string group = name.find('/') == std::string::npos ? "/aws/lambda/" + name : name;
    std::string token;
    do {
        Object input{{"logGroupName", group}};
        if (!token.empty()) input["nextToken"] = token;
        Answer raw = request(endpoint, "POST", "/", json::write(input),
                             {{"Content-Type", "application/x-amz-json-1.1"},
                              {"X-Amz-Target", "Logs_20140328.FilterLogEvents"},
                              {"Authorization", "AWS4-HMAC-SHA256 Credential=" + account + "/20260101/" + region + "/logs/aws4_request, SignedHeaders=host, Signature=0"}});
        Value answer = parsed(raw);
        if (raw.status != 200) {
            std::fprintf(stderr, "virga: %s\n", text(answer, "message").c_str());
            return 1;
        }
        for (const Value& e : answer.list("events")) {
            std::string message = text(e, "message");
            while (!message.empty() && message.back() == '\n') message.pop_back();
            std::printf("%s %s\n", iso8601(e.integer("timestamp"), true).c_str(), message.c_str());
        }
        token = text(answer, "nextToken");
    } while (!token.empty());
    return 0;
}

}  // namespace virga::cli
