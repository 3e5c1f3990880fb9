#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <future>

#include "emulator/world/world.hpp"

using namespace virga;

namespace {

constexpr TimeMs start_of_2026 = 1767225600000;

struct Harness {
    Runtime runtime{2};
    World world;
    std::mutex mutex;
    std::vector<std::string> ran;
    std::vector<TimeMs> at;

    explicit Harness(const std::string& data = {}) : world(runtime, options(data)) {}

    static WorldOptions options(const std::string& data) {
        WorldOptions o;
        o.freeze_at = start_of_2026;
        o.seed = 3;
        o.data = data;
        return o;
    }

    std::shared_ptr<Partition> partition() { return world.partition({"000000000000", "us-east-1"}); }

    void note(const Job& job) {
        std::lock_guard lock(mutex);
        ran.push_back(job.payload);
        at.push_back(world.clock.now() - start_of_2026);
    }

    bool idle() {
        std::promise<bool> done;
        start_with_result(world.activities.wait_idle(10'000), [&](std::exception_ptr, std::optional<bool> ok) { done.set_value(*ok); });
        return done.get_future().get();
    }

    bool advance(TimeMs by) {
        std::promise<bool> done;
        std::function<Task<bool>()> settle = [this]() -> Task<bool> { return world.activities.wait_idle(10'000); };
        start_with_result(world.clock.advance_to(world.clock.now() + by, settle), [&](std::exception_ptr, std::optional<bool> ok) { done.set_value(*ok); });
        return done.get_future().get();
    }

    void enqueue(NewJob job) {
        auto p = partition();
        auto tx = p->write();
        tx.enqueue(std::move(job));
        tx.commit();
    }
};

Task<JobOutcome> note_job(Harness* h, Job job) {
    h->note(job);
    co_return JobOutcome::finished();
}

Task<JobOutcome> retry_twice(Harness* h, Job job) {
    h->note(job);
    if (job.attempt < 3) co_return JobOutcome::retry(h->world.clock.now() + 60'000);
    co_return JobOutcome::finished();
}

Task<JobOutcome> fail_always(Harness* h, Job job) {
    h->note(job);
    throw std::runtime_error("a defect");
    co_return JobOutcome::finished();
}

struct ScratchDirectory {
    std::string path = (std::filesystem::temp_directory_path() / ("virga-jobs-test-" + std::to_string(::getpid()))).string();
    ScratchDirectory() { std::filesystem::remove_all(path); }
    ~ScratchDirectory() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a job runs after its transaction commits, and not when it rolls back") {
    Harness h;
    h.world.job_kinds.on("test.note", [&](std::shared_ptr<Partition>, Job job) { return note_job(&h, std::move(job)); });
    auto p = h.partition();
    {
        auto tx = p->write();
        tx.enqueue({.kind = "test.note", .payload = "lost"});
    }
    h.enqueue({.kind = "test.note", .payload = "kept"});
    CHECK(h.idle());
    CHECK(h.ran == std::vector<std::string>{"kept"});
}

TEST_CASE("a job that is due later waits for the clock; a retry counts its attempts") {
    Harness h;
    h.world.job_kinds.on("test.retry", [&](std::shared_ptr<Partition>, Job job) { return retry_twice(&h, std::move(job)); });
    h.enqueue({.kind = "test.retry", .payload = "a", .due = start_of_2026 + 5000});
    CHECK(h.idle());  // waiting for a time is not being busy
    CHECK(h.ran.empty());
    CHECK(h.advance(600'000));
    CHECK(h.at == std::vector<TimeMs>{5000, 65'000, 125'000});
    CHECK(h.partition()->jobs().waiting(10).empty());
}

TEST_CASE("jobs of one lane run in order, the later ones after a retry of the first") {
    Harness h;
    h.world.job_kinds.on("test.retry", [&](std::shared_ptr<Partition>, Job job) { return retry_twice(&h, std::move(job)); });
    h.world.job_kinds.on("test.note", [&](std::shared_ptr<Partition>, Job job) { return note_job(&h, std::move(job)); });
    h.enqueue({.kind = "test.retry", .payload = "first", .lane = "l"});
    h.enqueue({.kind = "test.note", .payload = "second", .lane = "l"});
    h.enqueue({.kind = "test.note", .payload = "other"});
    CHECK(h.idle());
    CHECK(h.advance(300'000));
    CHECK(std::count(h.ran.begin(), h.ran.end(), "first") == 3);
    CHECK(h.ran.back() == "second");
}

TEST_CASE("a key keeps one waiting job, moved to the earlier instant") {
    Harness h;
    h.world.job_kinds.on("test.note", [&](std::shared_ptr<Partition>, Job job) { return note_job(&h, std::move(job)); });
    h.enqueue({.kind = "test.note", .payload = "x", .due = start_of_2026 + 9000, .key = "k"});
    h.enqueue({.kind = "test.note", .payload = "y", .due = start_of_2026 + 4000, .key = "k"});
    h.enqueue({.kind = "test.note", .payload = "z", .due = start_of_2026 + 7000, .key = "k"});
    CHECK(h.advance(60'000));
    CHECK(h.at == std::vector<TimeMs>{4000});
}

TEST_CASE("a handler that throws is tried again with growing pauses") {
    Harness h;
    h.world.job_kinds.on("test.fail", [&](std::shared_ptr<Partition>, Job job) { return fail_always(&h, std::move(job)); });
    h.enqueue({.kind = "test.fail", .payload = "d"});
    CHECK(h.idle());
    CHECK(h.advance(7000));
    CHECK(h.at == std::vector<TimeMs>{0, 1000, 3000, 7000});
}

TEST_CASE("jobs survive the process") {
    ScratchDirectory scratch;
    {
        Harness h(scratch.path);
        h.world.job_kinds.on("test.note", [&](std::shared_ptr<Partition>, Job job) { return note_job(&h, std::move(job)); });
        h.enqueue({.kind = "test.note", .payload = "later", .due = start_of_2026 + 1000});
    }
    Harness h(scratch.path);
    h.world.job_kinds.on("test.note", [&](std::shared_ptr<Partition>, Job job) { return note_job(&h, std::move(job)); });
    h.world.open_existing();
    CHECK(h.advance(2000));
    CHECK(h.ran == std::vector<std::string>{"later"});
}

TEST_CASE("a data directory is refused with one sentence: in use, damaged, newer") {
    ScratchDirectory scratch;
    {
        Harness h(scratch.path);
        h.partition();
        CHECK_THROWS_WITH_AS(World(h.runtime, Harness::options(scratch.path)), doctest::Contains("is in use by another virga process."), StartError);
    }
    std::string file = scratch.path + "/000000000000/us-east-1/state.db";
    {
        Database db(file, Durability::process);
        db.script("PRAGMA user_version=99");
    }
    {
        Runtime runtime(1);
        World world(runtime, Harness::options(scratch.path));
        CHECK_THROWS_WITH_AS(world.open_existing(), doctest::Contains("newer virga"), StartError);
    }
    std::filesystem::remove(file + "-wal");
    {
        FILE* f = std::fopen(file.c_str(), "wb");
        std::fputs("this is no database, and long enough to be looked at as one: ...............................................", f);
        std::fclose(f);
    }
    Runtime runtime(1);
    World world(runtime, Harness::options(scratch.path));
    CHECK_THROWS_WITH_AS(world.open_existing(), doctest::Contains("is damaged or no virga data"), StartError);
}
