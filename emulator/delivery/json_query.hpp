// Queries in the language of jq 1.6, run by libjq itself.
//
// The library is loaded when the first query is compiled, so that virga starts and runs without it for all who use none.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::delivery {

class JsonQuery {
public:
    // Whether the library is there.
    static bool available();
    // Throws std::runtime_error with jq's words when the query does not compile, or when the library is missing.
    explicit JsonQuery(const std::string& query);
    ~JsonQuery();

    struct Result {
        bool is_json = true;      // the record is one JSON text
        std::string error;        // jq's words; "" when it ran
        std::string output;       // the first result as JSON; "" when there is none
    };
    // `now`: what jq's `now` answers.
    Result run(std::string_view record, TimeMs now);

private:
    struct State;
    std::mutex mutex_;  // a compiled query runs one record at a time
    std::unique_ptr<State> state_;
};

// The keys of the object a query constructs, "{customer_id:.customer_id, year}": what may be said of it without running it.
std::vector<std::string> query_keys(std::string_view query);

}  // namespace virga::delivery
