// How many events a second one thread matches, in processor time, so that a busy machine does not change the figure.
//
//   virga_matcher_bench events FILE RULES     RULES: "name<TAB>pattern" a line; one figure for each name
//   virga_matcher_bench scale                 10, 1,000 and 100,000 rules, and what adding and removing one takes then
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "emulator/bus/rule_matcher.hpp"

using namespace virga::bus;

namespace {

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

std::vector<std::string> lines_of(const char* path) {
    std::ifstream in(path);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(std::move(line));
    return out;
}

// Events a second, the best of three rounds, and how many rules matched in one.
std::pair<double, std::size_t> rate(const RuleMatcher& matcher, const std::vector<std::string>& events) {
    double best = 0;
    std::size_t matched = 0;
    std::vector<RuleId> out;
    for (int round = 0; round < 3; ++round) {
        matched = 0;
        double began = cpu_seconds();
        for (const auto& e : events) {
            out.clear();
            matcher.match(e, out);
            matched += out.size();
        }
        best = std::max(best, static_cast<double>(events.size()) / (cpu_seconds() - began));
    }
    return {best, matched};
}

int events_mode(const char* events_path, const char* rules_path) {
    auto events = lines_of(events_path);
    std::vector<std::string> names;
    std::map<std::string, RuleMatcher> matchers;
    RuleId id = 0;
    for (const auto& line : lines_of(rules_path)) {
        auto tab = line.find('\t');
        std::string name = line.substr(0, tab);
        if (!matchers.contains(name)) names.push_back(name);
        matchers[name].put(++id, Pattern::compile(line.substr(tab + 1)));
    }
    for (const auto& name : names) {
        auto [r, matched] = rate(matchers[name], events);
        fmt::print("{}\t{:.0f}\t{}\n", name, r, matched);
    }
    return 0;
}

std::string order_event(std::size_t n) {
    return fmt::format(R"({{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-{0:012}","detail-type":"Order {1}","source":"shop.{1}","account":"123456789012","time":"2026-01-02T03:04:05Z",)"
                       R"("region":"us-east-1","resources":[],"detail":{{"id":"order-{0}","price":{2},"customer":{{"id":"c-{0}","country":"de"}},"lines":[{{"sku":"a","n":1}},{{"sku":"b","n":2}}]}}}})",
                       n, n % 50, n % 1000);
}

int scale_mode() {
    double first = 0;
    for (std::size_t count : {10, 1000, 100000}) {
        // Each event matches one rule, whatever their number.
        std::vector<std::string> events;
        for (std::size_t i = 0; i < 20000; ++i) events.push_back(order_event(i * 7919 % count));
        RuleMatcher matcher;
        for (std::size_t i = 0; i < count; ++i)
            matcher.put(i, Pattern::compile(fmt::format(R"({{"source":["shop.{}"],"detail":{{"id":["order-{}"],"customer":{{"country":["de","at"]}}}}}})", i % 50, i)));
        double r = rate(matcher, events).first;
        if (first == 0) first = r;
        Pattern one = Pattern::compile(R"({"source":["shop.1"],"detail":{"id":["order-x"],"customer":{"country":["de","at"]}}})");
        Pattern wide = Pattern::compile(R"({"source":["shop.1"],"detail":{"price":[{"numeric":[">",5]}]}})");
        std::vector<double> times;
        for (int i = 0; i < 1000; ++i) {
            const Pattern& p = i % 2 ? one : wide;
            double began = cpu_seconds();
            matcher.put(1'000'000, p);
            double put = cpu_seconds();
            matcher.remove(1'000'000);
            times.push_back(put - began);
            times.push_back(cpu_seconds() - put);
        }
        std::sort(times.begin(), times.end());
        fmt::print("{}\t{:.0f}\t{:.2f}\t{:.1f}\t{:.1f}\n", count, r, r / first, times[times.size() / 2] * 1e6, times.back() * 1e6);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && !std::strcmp(argv[1], "events")) return events_mode(argv[2], argv[3]);
    if (argc == 2 && !std::strcmp(argv[1], "scale")) return scale_mode();
    fmt::print(stderr, "usage: virga_matcher_bench events FILE RULES | scale\n");
    return 2;
}
