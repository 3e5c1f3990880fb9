// Runs functions: takes environments from the pool, and turns what happens in them into what an Invoke answers and logs.
//
// One host serves all partitions, because what it shares out are the machine's processes. Thread-safe.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "emulator/function/code_directory.hpp"
#include "emulator/function/concurrency.hpp"
#include "emulator/function/environment_pool.hpp"
#include "emulator/function/function_version.hpp"
#include "emulator/function/runtimes.hpp"
#include "emulator/world/world.hpp"

namespace virga {

struct LogBatch {
    PartitionId partition;
    std::string group, stream;
    std::vector<LogLine> lines;
    TraceContext trace;
};

// What the host needs from outside; filled once at start-up, before the first invocation.
struct FunctionPorts {
    // Makes the environment's Runtime API reachable.
    std::function<std::shared_ptr<RuntimeEndpoint>(std::shared_ptr<Environment>)> serve;
    // Stores log lines.
    std::function<Task<>(LogBatch)> write_log;
    // Directories added to what node and python find beside the code: AWS bundles its SDKs with these runtimes.
    std::string node_modules, python_path;
};

struct Invocation {
    std::shared_ptr<const FunctionVersion> function;
    std::string payload = "{}";
    std::string request_id;
    std::string invoked_arn;  // with the caller's qualifier
    std::string client_context;
    TraceContext trace;       // the cause
    std::vector<TraceContext> links;
};

struct InvocationResult {
    std::string payload;
    bool failed = false;      // the function's error: X-Amz-Function-Error
    std::string error_type;
    std::string content_type;
    bool streamed = false;
    std::string log_tail;     // the last 4 KB of the log
    std::int64_t duration_us = 0;
};

class FunctionHost : public Part {
public:
    explicit FunctionHost(World& world);
    ~FunctionHost() override;

    FunctionPorts ports;
    Concurrency concurrency;

    // Runs one event to its end. Its log lines are stored when it answers.
    Task<InvocationResult> invoke(Invocation invocation);
    // See EnvironmentPool::retire.
    void retire(const PartitionId& partition, const std::string& function, bool now) { pool_.retire(partition, function, now); }
    void close() override { pool_.close(); }
    std::size_t environments() { return pool_.size(); }

private:
    struct Run;
    Task<Outcome> attempt(Run& run);
    Task<Outcome> initialize(Run& run);
    InvocationResult conclude(Run& run, Outcome outcome);
    Task<> write_log(Run& run);
    void launch(Lease& lease, const FunctionVersion& function);
    std::string generation_of(const FunctionVersion& function);

    World& world_;
    CodeDirectories code_;
    Interpreters interpreters_;
    std::atomic<std::uint64_t> launched_{0};
    EnvironmentPool pool_;
};

}  // namespace virga
