// `virga serve`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emulator/world/database.hpp"
#include "emulator/world/faults.hpp"

namespace virga::cli {

enum class LogForm { human, json, quiet };

struct ServeOptions {
    std::string host = "127.0.0.1";
    unsigned short port = 4566;
    std::string data;
    Durability durability = Durability::process;
    std::optional<std::uint64_t> seed;
    std::optional<std::int64_t> freeze_at;  // ms since the epoch
    LogForm log = LogForm::human;
    bool log_requests = false;
    bool realistic = false;
    bool verify_signatures = false;
    std::string s3_access = "off";  // off, anonymous or strict: see apis/s3/access.hpp
    std::string events_access = "off";  // off or strict: see apis/events/target_access.cpp
    bool s3_own_region = false;       // buckets answer in their own region only
    unsigned threads = 0;  // 0 = as many as cores
    std::string tls_certificate, tls_key;
    std::vector<Fault> faults;  // there from the start
};

// Runs until SIGTERM or SIGINT; the process's exit code.
int serve(const ServeOptions& options);

}  // namespace virga::cli
