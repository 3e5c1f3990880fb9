#include "emulator/function/environment.hpp"

#include <string.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include "emulator/base/json.hpp"
#include "emulator/function/limits.hpp"

namespace virga {

// The descriptors on the event loop of the thread that launched the process. Only that loop touches them.
struct Environment::Watch {
    Watch(boost::asio::io_context& loop_, int exit_fd, int output_) : loop(loop_), exit(loop_, exit_fd), output(loop_, output_) {}
    boost::asio::io_context& loop;
    boost::asio::posix::stream_descriptor exit, output;
};

Environment::Environment(Runtime& runtime, Clock& clock, std::string stream)
    : log_stream(std::move(stream)), runtime_(runtime), clock_(clock) {}

Environment::~Environment() {
    if (process_.pid > 0 && !reaped_) {
        kill_group(process_.pid);
        virga::reap(process_.pid);
    }
}

void Environment::launch(const ProcessPlan& plan, std::shared_ptr<RuntimeEndpoint> endpoint) {
    std::unique_lock lock(mutex_);
    endpoint_ = std::move(endpoint);
    process_ = start_process(plan);
    if (process_.error != 0) {
        lock.unlock();
        return fail_init("Runtime.InvalidEntrypoint", plan.argv[0] + ": " + ::strerror(process_.error));
    }
    watch_ = std::make_shared<Watch>(runtime_.current_loop(), process_.exit_fd, process_.output);
    watch();
}

void Environment::fail_init(const std::string& type, const std::string& message) {
    std::unique_lock lock(mutex_);
    auto body = json::write(Object{{"errorType", type}, {"errorMessage", message}});
    complete(lock, {Outcome::Kind::error, std::move(body), type, {}, false, 0});
}

// Waits for output and for the end, for as long as the process lives. The handlers keep the environment alive until then.
void Environment::watch() {
    auto self = shared_from_this();
    auto w = watch_;
    struct Exit {
        // A wake-up alone does not prove the end: an event of an earlier descriptor with the same number may still be queued.
        static void again(std::shared_ptr<Environment> self, std::shared_ptr<Watch> w) {
            w->exit.async_wait(boost::asio::posix::stream_descriptor::wait_read, [self, w](boost::system::error_code failed) {
                if (failed) return;
                if (has_ended(self->process_.pid)) self->on_exit();
                else again(self, w);
            });
        }
    };
    struct Reader {
        static void again(std::shared_ptr<Environment> self, std::shared_ptr<Watch> w) {
            w->output.async_wait(boost::asio::posix::stream_descriptor::wait_read, [self, w](boost::system::error_code failed) {
                if (failed) return;
                std::unique_lock lock(self->mutex_);
                self->drain_locked();
                if (self->process_.output < 0) {  // all writers are gone
                    lock.unlock();
                    boost::system::error_code ignored;
                    w->output.close(ignored);
                    return;
                }
                lock.unlock();
                again(self, w);
            });
        }
    };
    Exit::again(self, w);
    Reader::again(self, w);
}

void Environment::on_exit() {
    int status = virga::reap(process_.pid);
    std::vector<std::function<void()>> after;
    {
        std::unique_lock lock(mutex_);
        reaped_ = true;
        kill_group(process_.pid);  // whatever it started in its group
        drain_locked();
        Outcome ended{state_ == State::delivering && delivery_ ? Outcome::Kind::not_taken : Outcome::Kind::exited, {}, describe_status(status), {}, false, status};
        bool killed = state_ == State::dead;
        die_locked(after);
        if (!killed) complete(lock, std::move(ended));
        if (!lock.owns_lock()) lock.lock();
        process_.output = -1;
    }
    boost::system::error_code ignored;
    watch_->exit.close(ignored);
    watch_->output.close(ignored);
    for (auto& f : after) f();
}

void Environment::die_locked(std::vector<std::function<void()>>& after) {
    if (state_ != State::dead) {
        state_ = State::dead;
        if (on_change_) after.push_back(on_change_);
    }
    if (next_) after.push_back([callback = std::exchange(next_, nullptr)] { callback(std::nullopt); });
    if (endpoint_) after.push_back([endpoint = std::exchange(endpoint_, nullptr)] { endpoint->close(); });
}

void Environment::kill() {
    std::vector<std::function<void()>> after;
    {
        std::unique_lock lock(mutex_);
        if (!reaped_) kill_group(process_.pid);
        bool undelivered = state_ == State::delivering && delivery_;
        die_locked(after);
        complete(lock, {undelivered ? Outcome::Kind::not_taken : Outcome::Kind::exited, {}, "signal: killed", {}, false, 9});
    }
    for (auto& f : after) f();
}

// Hands the outcome to who waits for it, from the event loop (so that the runtime's post is answered first). Releases the lock.
void Environment::complete(std::unique_lock<std::mutex>& lock, Outcome outcome) {
    ++turn_;
    auto limit = std::exchange(limit_, 0), take = std::exchange(take_limit_, 0);
    delivery_.reset();
    request_id_.clear();
    auto waiter = std::exchange(outcome_, nullptr);
    if (std::exchange(init_pending_, init_pending_ && !waiter)) {
        if (!waiter) early_ = outcome;
    }
    lock.unlock();
    if (limit) runtime_.cancel_real(limit);
    if (take) runtime_.cancel_real(take);
    if (waiter) runtime_.post([waiter = std::move(waiter), outcome = std::move(outcome)]() mutable { waiter(std::move(outcome)); });
}

Task<Outcome> Environment::initialized(std::int64_t limit_ms) {
    auto self = shared_from_this();
    auto begin = [&self, limit_ms](auto resume) {
        std::unique_lock lock(self->mutex_);
        if (self->early_) {
            auto early = std::move(*self->early_);
            self->early_.reset();
            self->init_pending_ = false;
            lock.unlock();
            return resume(std::move(early));
        }
        self->outcome_ = resume;
        self->limit_ = self->runtime_.after_real(limit_ms, [self = self, turn = self->turn_] { self->on_limit(turn); });
    };
    Outcome outcome = co_await callback<Outcome>(begin);
    co_return outcome;
}

Task<Outcome> Environment::run(Delivery delivery, std::int64_t timeout_ms) {
    auto self = shared_from_this();
    auto shared = std::make_shared<Delivery>(std::move(delivery));
    auto begin = [&self, &shared, timeout_ms](auto resume) {
        std::unique_lock lock(self->mutex_);
        if (self->state_ == State::dead) {
            lock.unlock();
            return resume(Outcome{Outcome::Kind::not_taken, {}, {}, {}, false, 0});
        }
        auto turn = ++self->turn_;
        self->outcome_ = resume;
        self->request_id_ = shared->request_id;
        self->limit_ = self->runtime_.after_real(timeout_ms, [self = self, turn] { self->on_limit(turn); });
        if (self->next_) {
            self->state_ = State::running;
            auto next = std::exchange(self->next_, nullptr);
            lock.unlock();
            next(std::move(*shared));
            return;
        }
        self->state_ = State::delivering;
        self->delivery_ = std::move(*shared);
        self->take_limit_ = self->runtime_.after_real(take_limit_ms, [self = self, turn] { self->on_not_taken(turn); });
    };
    Outcome outcome = co_await callback<Outcome>(begin);
    co_return outcome;
}

void Environment::on_limit(std::uint64_t turn) {
    std::vector<std::function<void()>> after;
    {
        std::unique_lock lock(mutex_);
        if (turn != turn_ || !outcome_ || state_ == State::dead) return;
        if (!reaped_) kill_group(process_.pid);
        drain_locked();
        die_locked(after);
        complete(lock, {Outcome::Kind::timed_out, {}, {}, {}, false, 0});
    }
    for (auto& f : after) f();
}

void Environment::on_not_taken(std::uint64_t turn) {
    std::unique_lock lock(mutex_);
    if (turn != turn_ || state_ != State::delivering || !delivery_) return;
    state_ = State::finished;
    complete(lock, {Outcome::Kind::not_taken, {}, {}, {}, false, 0});
}

void Environment::next(NextCallback callback) {
    std::unique_lock lock(mutex_);
    if (state_ == State::dead) {
        lock.unlock();
        return callback(std::nullopt);
    }
    if (state_ == State::delivering && delivery_) {
        state_ = State::running;
        auto delivery = std::move(*delivery_);
        delivery_.reset();
        auto take = std::exchange(take_limit_, 0);
        lock.unlock();
        if (take) runtime_.cancel_real(take);
        return callback(std::move(delivery));
    }
    if (state_ == State::running) {
        // A runtime that asks again without an answer for its event: AWS sees it as a crash of the invocation.
        lock.unlock();
        kill();
        return callback(std::nullopt);
    }
    bool init = state_ == State::launched;
    state_ = State::waiting;
    auto older = std::exchange(next_, std::move(callback));
    if (older) {
        lock.unlock();
        return older(std::nullopt);
    }
    if (init) {
        auto waiter = std::exchange(outcome_, nullptr);
        ++turn_;
        auto limit = std::exchange(limit_, 0);
        if (waiter) init_pending_ = false;
        else early_ = Outcome{};
        lock.unlock();
        if (limit) runtime_.cancel_real(limit);
        if (waiter) runtime_.post([waiter = std::move(waiter)] { waiter(Outcome{}); });
        return;
    }
    auto changed = on_change_;
    lock.unlock();
    if (changed) changed();
}

namespace {

RuntimeAnswer refused(int status, const char* type, const std::string& message) {
    return {status, std::string("{\"errorMessage\":\"") + message + "\",\"errorType\":\"" + type + "\"}"};
}

}  // namespace

RuntimeAnswer Environment::accept_result(const std::string& request_id, Outcome outcome) {
    std::unique_lock lock(mutex_);
    if (state_ != State::running || request_id != request_id_) return refused(400, "InvalidRequestID", "Invalid request ID");
    state_ = State::finished;
    drain_locked();
    complete(lock, std::move(outcome));
    return {};
}

RuntimeAnswer Environment::response(const std::string& request_id, std::string body, std::string content_type, bool streamed) {
    auto limit = streamed ? limits::streamed_response_bytes : limits::response_bytes;
    if (body.size() > limit) {
        auto accepted = accept_result(request_id, {Outcome::Kind::too_large, {}, {}, {}, false, 0});
        if (accepted.status != 202) return accepted;
        return refused(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (" + std::to_string(limit) + " bytes).");
    }
    return accept_result(request_id, {Outcome::Kind::response, std::move(body), {}, std::move(content_type), streamed, 0});
}

RuntimeAnswer Environment::error(const std::string& request_id, std::string body, std::string type) {
    return accept_result(request_id, {Outcome::Kind::error, std::move(body), std::move(type), {}, false, 0});
}

RuntimeAnswer Environment::init_error(std::string body, std::string type) {
    std::vector<std::function<void()>> after;
    {
        std::unique_lock lock(mutex_);
        if (state_ != State::launched)
            return refused(403, "InvalidStateTransition", "State transition from Ready to InitError failed for runtime. Error: State transition is not allowed");
        drain_locked();
        complete(lock, {Outcome::Kind::error, std::move(body), std::move(type), {}, false, 0});
    }
    return {};
}

void Environment::set_on_change(std::function<void()> on_change) {
    std::unique_lock lock(mutex_);
    on_change_ = std::move(on_change);
    if (state_ != State::dead) return;
    auto call = on_change_;
    lock.unlock();
    call();
}

bool Environment::alive() const {
    std::lock_guard lock(mutex_);
    return state_ != State::dead;
}

bool Environment::waiting() const {
    std::lock_guard lock(mutex_);
    return state_ == State::waiting;
}

void Environment::log(std::string line) {
    std::lock_guard lock(mutex_);
    drain_locked();
    lines_.push_back({clock_.now(), std::move(line)});
}

std::vector<LogLine> Environment::take_log() {
    std::lock_guard lock(mutex_);
    drain_locked();
    if (!partial_.empty() && (state_ == State::dead || state_ == State::finished)) add_output_locked("\n");
    return std::exchange(lines_, {});
}

// Reads all that the process wrote so far. Called before a result is reported, so that no line comes after its END.
void Environment::drain_locked() {
    char buffer[16384];
    while (process_.output >= 0) {
        auto n = ::read(process_.output, buffer, sizeof buffer);
        if (n > 0) {
            add_output_locked({buffer, static_cast<std::size_t>(n)});
        } else {
            if (n == 0) process_.output = -1;  // closed by its owner, the watch
            if (n < 0 && errno == EINTR) continue;
            return;
        }
    }
}

// One line is one log event. Runtimes write '\r' for a newline inside a message, which is turned back here.
void Environment::add_output_locked(std::string_view bytes) {
    partial_.append(bytes);
    std::size_t start = 0;
    for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n', start)) {
        std::string line = partial_.substr(start, end - start);
        start = end + 1;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        for (auto& c : line)
            if (c == '\r') c = '\n';
        if (line.size() > limits::log_line_bytes) line.resize(limits::log_line_bytes);
        if (lines_.size() < limits::log_lines_per_invocation) lines_.push_back({clock_.now(), std::move(line)});
    }
    partial_.erase(0, start);
    if (partial_.size() > limits::log_line_bytes) partial_.push_back('\n'), add_output_locked({});
}

}  // namespace virga
