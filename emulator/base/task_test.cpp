#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "emulator/base/stream.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/task.hpp"

using namespace virga;

namespace {

Task<int> three() { co_return 3; }
Task<int> sum(int depth) {
    if (depth == 0) co_return 0;
    int rest = co_await sum(depth - 1);
    co_return rest + 1;
}
Task<int> failing() {
    throw std::runtime_error("no");
    co_return 0;
}
Task<void> awaiting_failure() { co_await failing(); }

Task<int> later(std::function<void(int)>* resume) {
    auto awaiter = callback<int>([resume](auto done) { *resume = std::move(done); });
    int v = co_await awaiter;
    co_return v + 1;
}

}  // namespace

TEST_CASE("a task that does not suspend ends on its caller's stack") {
    int result = 0;
    start_with_result(three(), [&](std::exception_ptr error, std::optional<int> v) {
        CHECK_FALSE(error);
        result = *v;
    });
    CHECK(result == 3);
}

TEST_CASE("a task that is never awaited does not run") {
    bool ran = false;
    auto make = [](bool* flag) -> Task<void> {
        *flag = true;
        co_return;
    };
    { Task<void> t = make(&ran); }
    CHECK_FALSE(ran);
}

TEST_CASE("tasks await tasks") {
    int result = 0;
    start_with_result(sum(500), [&](std::exception_ptr, std::optional<int> v) { result = *v; });
    CHECK(result == 500);
}

TEST_CASE("exceptions go to the awaiter") {
    std::string said;
    start(awaiting_failure(), [&](std::exception_ptr error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& e) {
            said = e.what();
        }
    });
    CHECK(said == "no");
}

TEST_CASE("a callback resumes a suspended task, from any thread") {
    std::function<void(int)> resume;
    int result = 0;
    start_with_result(later(&resume), [&](std::exception_ptr, std::optional<int> v) { result = *v; });
    CHECK(result == 0);
    std::thread([&] { resume(4); }).join();
    CHECK(result == 5);
}

TEST_CASE("reading a whole source, with a limit") {
    StringSource source("hello");
    CHECK(source.size() == 5u);
    std::string text;
    start_with_result(read_all(source, 100), [&](std::exception_ptr, std::optional<std::string> v) { text = *v; });
    CHECK(text == "hello");
    StringSource large("hello");
    int status = 0;
    start_with_result(read_all(large, 4), [&](std::exception_ptr error, std::optional<std::string>) {
        try {
            std::rethrow_exception(error);
        } catch (const ApiError& e) {
            status = e.status;
        }
    });
    CHECK(status == 413);
}
