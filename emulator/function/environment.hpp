// One execution environment: a process group that runs a function's runtime, and the emulator's side of the Runtime API
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) without its HTTP.
//
// Life: launch() -> the runtime initialises -> it asks for the next event (next()) -> run() hands it one -> it posts a response or an error ->
// it asks for the next. An environment that exits, times out or reports an init error is dead and never used again; its process group is
// killed and collected. All methods are thread-safe; callbacks run on runtime threads with no lock held.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/task.hpp"
#include "emulator/function/process.hpp"
#include "emulator/world/clock.hpp"
#include "emulator/world/runtime.hpp"

namespace virga {

// An event on its way to a runtime: what GET invocation/next answers.
struct Delivery {
    std::string request_id;
    TimeMs deadline = 0;  // wall time
    std::string function_arn, trace, client_context;
    std::string payload;
};

// What became of an init or an invocation.
struct Outcome {
    enum class Kind {
        ready,      // init only: the runtime asks for its first event
        response,   // body is the payload
        error,      // the runtime reported an error: body is its JSON, type its error type
        exited,     // the process ended; `type` says how ("exit status 1")
        timed_out,  // killed
        too_large,  // the response was over the limit
        not_taken,  // the event never reached the runtime: it is safe to give it to another environment
    };
    Kind kind = Kind::ready;
    std::string body, type;
    std::string content_type;  // of a response
    bool streamed = false;     // the runtime declared a streaming response
    int exit_code = 0;
};

struct LogLine {
    TimeMs time;  // virtual
    std::string text;
};

// What the Runtime API answers to a post.
struct RuntimeAnswer {
    int status = 202;
    std::string body = "{\"status\":\"OK\"}";
};

// Keeps what serves an environment's Runtime API alive; gone, it is not reachable any more.
class RuntimeEndpoint {
public:
    virtual ~RuntimeEndpoint() = default;
    virtual std::string address() const = 0;  // "127.0.0.1:40001"
    virtual void close() = 0;
};

class Environment : public std::enable_shared_from_this<Environment> {
public:
    using NextCallback = std::function<void(std::optional<Delivery>)>;  // nothing: the environment is dead

    Environment(Runtime& runtime, Clock& clock, std::string log_stream);
    ~Environment();

    // Starts the process. An error (no such program) shows as the outcome of initialized().
    void launch(const ProcessPlan& plan, std::shared_ptr<RuntimeEndpoint> endpoint);
    // In place of launch: there is nothing to start.
    void fail_init(const std::string& type, const std::string& message);
    // The end of the init phase: ready, error, exited or timed_out after `limit_ms` of real time. Call once after launch.
    Task<Outcome> initialized(std::int64_t limit_ms);
    // Gives the runtime one event and waits for what becomes of it. At most one at a time. Where the runtime is still busy after its last
    // response and does not ask within take_limit_ms, not_taken.
    Task<Outcome> run(Delivery delivery, std::int64_t timeout_ms);
    // Kills the process group and answers everything that waits.
    void kill();

    // The Runtime API, called by whoever serves it.
    void next(NextCallback callback);
    RuntimeAnswer response(const std::string& request_id, std::string body, std::string content_type, bool streamed);
    RuntimeAnswer error(const std::string& request_id, std::string body, std::string type);
    RuntimeAnswer init_error(std::string body, std::string type);

    bool alive() const;
    // The runtime is waiting for an event.
    bool waiting() const;
    // Called each time when the runtime asks for an event and there is none, and once when the environment died: at once if it already did.
    void set_on_change(std::function<void()> on_change);

    void log(std::string line);
    // Lines since the last take, in order; reads what the process wrote so far first.
    std::vector<LogLine> take_log();

    const std::string log_stream;
    pid_t pid() const { return process_.pid; }
    static constexpr std::int64_t take_limit_ms = 150;

private:
    struct Watch;  // the asio side
    enum class State { launched, waiting, delivering, running, finished, dead };

    void complete(std::unique_lock<std::mutex>& lock, Outcome outcome);
    void on_limit(std::uint64_t turn);
    void on_not_taken(std::uint64_t turn);
    void on_exit();
    void drain_locked();
    void add_output_locked(std::string_view bytes);
    void die_locked(std::vector<std::function<void()>>& after);
    void watch();
    RuntimeAnswer accept_result(const std::string& request_id, Outcome outcome);

    Runtime& runtime_;
    Clock& clock_;
    std::function<void()> on_change_;
    mutable std::mutex mutex_;
    State state_ = State::launched;
    ProcessHandle process_;
    std::shared_ptr<RuntimeEndpoint> endpoint_;
    std::shared_ptr<Watch> watch_;
    bool reaped_ = false;

    NextCallback next_;                           // set while waiting
    std::optional<Delivery> delivery_;            // set while delivering
    std::string request_id_;                      // of the running invocation
    std::function<void(Outcome)> outcome_;        // who waits for init or invocation
    std::optional<Outcome> early_;                // the init's outcome when it came before anybody waited
    bool init_pending_ = true;                    // nobody has been told the init's outcome
    std::uint64_t turn_ = 0;                      // counts inits and invocations, so that late timers are known
    RealTimerId limit_ = 0, take_limit_ = 0;
    std::vector<LogLine> lines_;
    std::string partial_;                         // output after the last newline
};

}  // namespace virga
