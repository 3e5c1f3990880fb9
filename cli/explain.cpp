// virga explain: why the rules of a bus match an event, or do not.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/client.hpp"
#include "cli/commands.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/value.hpp"

namespace virga::cli {

namespace {

std::string read_file(const std::string& path) {
    std::stringstream text;
    if (path == "-") {
        text << std::cin.rdbuf();
    } else {
        std::ifstream file(path);
        if (!file) throw Unreachable("Cannot read " + path + ".");
        text << file.rdbuf();
    }
    return text.str();
}

std::string joined(const Value& values) {
    std::string out;
    for (const auto& v : values.as_array()) out += (out.empty() ? "" : ", ") + json::write(v);
    return out.empty() ? "nothing" : out;
}

void print_fields(const Value& rule) {
    bool several = rule.list("ways").size() > 1;
    int number = 0;
    for (const auto& way : rule.list("ways")) {
        if (several) std::printf("  way %d of its $or\n", ++number);
        for (const auto& f : way.list("fields"))
            std::printf("  %s %s: expected %s, found %s\n", f.flag("matches") ? "+" : "-", std::string(f.text("field")).c_str(), json::write(f["expected"]).c_str(),
                        joined(f["found"]).c_str());
    }
}

}  // namespace

int explain(const std::string& endpoint, const ExplainOptions& o) {
    bool digits = o.account.size() == 12 && o.account.find_first_not_of("0123456789") == std::string::npos;
    Value body = Object{{"event", read_file(o.event)}, {"bus", o.bus}, {"region", o.region}};
    if (digits) body["account"] = o.account;
    if (!o.rule.empty()) body["rule"] = o.rule;
    Answer raw = request(endpoint, "POST", "/_virga/bus/explain", json::write(body));
    Value answer;
    if (!json::try_parse(raw.body, answer)) throw Unreachable("The answer is no JSON: " + raw.body.substr(0, 200));
    if (answer.has("error")) {
        std::fprintf(stderr, "virga: %s\n", std::string(answer.text("error")).c_str());
        return 1;
    }
    for (const auto& rule : answer.list("rules")) {
        std::printf("%s: %s\n", std::string(rule.text("rule")).c_str(), std::string(rule.text("reason")).c_str());
        print_fields(rule);
    }
    if (answer.list("rules").empty()) std::printf("event bus %s has no rules\n", o.bus.c_str());
    return 0;
}

}  // namespace virga::cli
