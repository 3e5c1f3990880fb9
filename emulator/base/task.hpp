// Coroutines of virga: Task<T> is started when awaited (or by start()) and resumes its awaiter by symmetric transfer.
//
// A Task that never suspends on something outside runs to its end on the caller's stack, with no queue in between.
// Nothing here knows threads: whoever completes an awaited thing resumes the coroutine on its own thread.
//
// For writers of coroutines: take arguments by value (a reference parameter may dangle after the first suspension); never
// make a lambda with captures a coroutine; never hold a partition's lock over a co_await.
#pragma once
#include <atomic>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace virga {

template <class T = void>
class Task;

namespace detail {

struct FinalTransfer {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> h) const noexcept {
        auto next = h.promise().continuation;
        return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
};

struct PromiseBase {
    std::coroutine_handle<> continuation;
    std::exception_ptr error;
    std::suspend_always initial_suspend() const noexcept { return {}; }
    FinalTransfer final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object();
    template <class U>
    void return_value(U&& v) {
        value.emplace(std::forward<U>(v));
    }
    T take() {
        if (error) std::rethrow_exception(error);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() const noexcept {}
    void take() {
        if (error) std::rethrow_exception(error);
    }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle h) : handle_(h) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            if (handle_) handle_.destroy();
            handle_ = std::exchange(other.handle_, {});
        }
        return *this;
    }
    ~Task() {
        if (handle_) handle_.destroy();
    }

    explicit operator bool() const { return static_cast<bool>(handle_); }

    struct Awaiter {
        Handle handle;
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
            handle.promise().continuation = awaiting;
            return handle;
        }
        T await_resume() { return handle.promise().take(); }
    };
    Awaiter operator co_await() const& noexcept { return Awaiter{handle_}; }
    Awaiter operator co_await() && noexcept { return Awaiter{handle_}; }

private:
    Handle handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() {
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

// A coroutine nobody awaits; frees itself at its end.
struct Detached {
    struct promise_type {
        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }
    };
};
}  // namespace detail

// Runs a task to its end without an awaiter. `done` gets the exception that escaped, or null; it must not throw.
template <class Done>
detail::Detached start(Task<void> task, Done done) {
    std::exception_ptr error;
    try {
        co_await std::move(task);
    } catch (...) {
        error = std::current_exception();
    }
    done(error);
}

// Runs a task to its end; `done(std::exception_ptr, std::optional<T>)`.
template <class T, class Done>
detail::Detached start_with_result(Task<T> task, Done done) {
    std::exception_ptr error;
    std::optional<T> result;
    try {
        result.emplace(co_await std::move(task));
    } catch (...) {
        error = std::current_exception();
    }
    done(error, std::move(result));
}

// Suspends the coroutine and hands a resume function to `begin`, which may call it at once or from any thread, once.
// The value given to resume is what co_await yields. When it is called before `begin` returned, the coroutine just goes on.
template <class T, class Begin>
class CallbackAwaiter {
public:
    explicit CallbackAwaiter(Begin begin) : begin_(std::move(begin)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
        handle_ = h;
        begin_([this](T value) {
            result_.emplace(std::move(value));
            if (state_.exchange(State::done, std::memory_order_acq_rel) == State::suspended) handle_.resume();
        });
        return state_.exchange(State::suspended, std::memory_order_acq_rel) != State::done;
    }
    T await_resume() { return std::move(*result_); }

private:
    enum class State { begun, suspended, done };
    Begin begin_;
    std::coroutine_handle<> handle_;
    std::optional<T> result_;
    std::atomic<State> state_{State::begun};
};

// `begin` captures references and plain values only: gcc 12 destroys the captures of a closure in a co_await expression twice.
template <class T, class Begin>
CallbackAwaiter<T, Begin> callback(Begin begin) {
    static_assert(std::is_trivially_destructible_v<Begin>, "capture by reference: the coroutine's frame outlives the callback");
    return CallbackAwaiter<T, Begin>(std::move(begin));
}

}  // namespace virga
