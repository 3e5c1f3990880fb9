#include "emulator/queue/messages.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <future>

#include "emulator/base/error.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::queue;

namespace {

constexpr TimeMs start_at = 1'750'000'000'000;

// A frozen world with one partition.
struct Bench {
    Runtime runtime{1};
    World world;
    std::shared_ptr<Partition> partition = world.partition({"000000000000", "us-east-1"});
    Queues& queues = partition->part<Queues>();

    explicit Bench(const std::string& data = {}) : world(runtime, {.data = data, .freeze_at = start_at}) {}

    TimeMs now() { return world.clock.now(); }
    void create(const std::string& name, const Object& attributes = {}) {
        auto tx = partition->write();
        queues.create(tx, name, attributes, {}, now());
        tx.commit();
    }
    Sent send(const std::string& name, const std::string& body, const std::string& group = {}, const std::string& dedup = {}) {
        auto tx = partition->write();
        auto sent = queue::send(queues, tx, *queues.get(tx.db(), name), {.id = "id-" + body, .body = body, .group_id = group, .dedup_id = dedup}, now());
        tx.commit();
        return sent;
    }
    void send_all(const std::string& name, const std::vector<std::string>& bodies, std::optional<std::int64_t> delay_s = {}) {
        std::vector<NewMessage> messages;
        for (const auto& body : bodies) messages.push_back({.id = "id-" + body, .body = body, .trace_header = "trace", .sender = "me", .delay_s = delay_s});
        auto tx = partition->write();
        auto sent = queue::send(queues, tx, *queues.get(tx.db(), name), messages, now());
        tx.commit();
        REQUIRE(sent.size() == bodies.size());
        CHECK(sent.back().id == "id-" + bodies.back());
    }
    // How often the queue's readers have been woken from now on.
    std::shared_ptr<int> count_wakes(const std::string& name) {
        auto count = std::make_shared<int>(0);
        partition->signals().subscribe("queue:" + name, [count] { ++*count; });
        return count;
    }
    std::string counted(const std::string& name) {
        auto reading = partition->read();
        const Counts c = queues.counts(reading.db(), *queues.get(reading.db(), name), now());
        return fmt::format("{} visible, {} in flight, {} delayed", c.visible, c.in_flight, c.delayed);
    }
    std::int64_t rows(const char* query) {
        auto reading = partition->read();
        auto q = reading.db().query(query);
        return q.next() ? q.integer(0) : 0;
    }
    std::vector<Message> receive(const std::string& name, std::int64_t max = 10, Receiver receiver = Receiver::client) {
        auto tx = partition->write();
        auto queue = queues.get(tx.db(), name);
        auto messages = queue::receive(queues, tx, *queue, max, queue->settings.visibility_ms, now(), receiver);
        tx.commit();
        return messages;
    }
    void remove(const std::string& name, const std::string& handle) {
        auto tx = partition->write();
        remove_message(queues, tx, *queues.get(tx.db(), name), handle, now());
        tx.commit();
    }
    std::int64_t in_flight(const std::string& name) {
        auto reading = partition->read();
        return queues.counts(reading.db(), *queues.get(reading.db(), name), now()).in_flight;
    }
    void advance(std::int64_t seconds) {
        std::promise<void> done;
        start(advance_task(&world, now() + seconds * 1000), [&](std::exception_ptr) { done.set_value(); });
        done.get_future().wait();
    }
    static Task<> advance_task(World* world, TimeMs to) {
        std::function<Task<bool>()> settle = [world]() { return world->activities.wait_idle(1000); };
        co_await world->clock.advance_to(to, settle);
    }
};

std::string bodies(const std::vector<Message>& messages) {
    std::string all;
    for (const auto& m : messages) all += m.body;
    return all;
}

}  // namespace

TEST_CASE("A received message is hidden until its timeout, then its reader is woken") {
    Bench b;
    b.create("q");
    b.send("q", "x");
    auto first = b.receive("q");
    REQUIRE(first.size() == 1);
    CHECK(first[0].receive_count == 1);
    CHECK(b.receive("q").empty());
    const auto woken = b.count_wakes("q");
    b.advance(29);
    CHECK(*woken == 0);
    b.advance(1);
    CHECK(*woken == 1);
    auto second = b.receive("q");
    REQUIRE(second.size() == 1);
    CHECK(second[0].receive_count == 2);
    CHECK(second[0].first_received == start_at);
    // The first handle was replaced by the second receive: deleting by it does nothing.
    b.remove("q", first[0].receipt_handle);
    CHECK(b.in_flight("q") == 1);
    b.remove("q", second[0].receipt_handle);
    b.advance(31);
    CHECK(b.receive("q").empty());
}

TEST_CASE("A delayed message wakes its reader when the delay ends") {
    Bench b;
    b.create("q", {{"DelaySeconds", "5"}});
    const auto woken = b.count_wakes("q");
    b.send("q", "x");
    CHECK(*woken == 0);
    CHECK(b.receive("q").empty());
    b.advance(5);
    CHECK(*woken == 1);
    CHECK(bodies(b.receive("q")) == "x");
}

// The move happens on the receive that would be one too many, not when the timeout ends.
TEST_CASE("The third receive of two moves to the dead-letter queue") {
    Bench b;
    b.create("dead");
    b.create("q", {{"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2})"}});
    b.send("q", "x");
    for (int i = 0; i < 2; ++i) {
        CHECK(b.receive("q").size() == 1);
        b.advance(30);
    }
    CHECK(b.receive("dead").empty());
    CHECK(b.receive("q").empty());
    auto dead = b.receive("dead");
    REQUIRE(dead.size() == 1);
    CHECK(dead[0].id == "id-x");
    CHECK(dead[0].sent == start_at);
    CHECK(dead[0].dead_letter_source == "arn:aws:sqs:us-east-1:000000000000:q");
}

TEST_CASE("Messages older than the retention are gone") {
    Bench b;
    b.create("q", {{"MessageRetentionPeriod", "60"}});
    b.send("q", "x");
    b.advance(59);
    b.send("q", "y");
    b.advance(1);
    CHECK(bodies(b.receive("q")) == "y");
}

TEST_CASE("A FIFO group is closed while one of its messages is in flight") {
    Bench b;
    b.create("q.fifo", {{"FifoQueue", "true"}});
    b.send("q.fifo", "1", "a", "1");
    b.send("q.fifo", "2", "a", "2");
    b.send("q.fifo", "3", "b", "3");
    auto first = b.receive("q.fifo", 1);
    CHECK(bodies(first) == "1");
    CHECK(bodies(b.receive("q.fifo")) == "3");
    const auto woken = b.count_wakes("q.fifo");
    b.remove("q.fifo", first[0].receipt_handle);
    CHECK(*woken == 1);
    CHECK(bodies(b.receive("q.fifo")) == "2");
}

TEST_CASE("A duplicate within five minutes is answered like the first, and not stored") {
    Bench b;
    b.create("q.fifo", {{"FifoQueue", "true"}});
    auto first = b.send("q.fifo", "1", "a", "same");
    CHECK(first.sequence.size() == 20);
    b.remove("q.fifo", b.receive("q.fifo")[0].receipt_handle);
    CHECK(b.send("q.fifo", "2", "a", "same").id == first.id);
    CHECK(b.receive("q.fifo").empty());
    b.advance(300);
    CHECK(b.send("q.fifo", "3", "a", "same").id == "id-3");
    CHECK(bodies(b.receive("q.fifo")) == "3");
}

TEST_CASE("Creating an equal queue again is the same queue, a different one an error") {
    Bench b;
    b.create("q", {{"DelaySeconds", "5"}});
    b.create("q", {{"DelaySeconds", "5"}, {"VisibilityTimeout", "30"}});
    CHECK_THROWS_AS(b.create("q", {{"DelaySeconds", "6"}}), ApiError);
    CHECK_THROWS_AS(b.create("q.fifo"), ApiError);
}

TEST_CASE("What a receiver inside had in hand when the process ended is receivable in the next one") {
    auto data = std::filesystem::temp_directory_path() / ("virga-queue-" + std::to_string(::getpid()));
    {
        Bench b(data.string());
        b.create("q");
        b.send("q", "by a client");
        CHECK(bodies(b.receive("q")) == "by a client");
        b.send("q", "inside");
        CHECK(bodies(b.receive("q", 10, Receiver::inside)) == "inside");
        CHECK(b.in_flight("q") == 2);
    }
    {
        Bench b(data.string());
        CHECK(b.in_flight("q") == 1);
        auto again = b.receive("q");
        CHECK(bodies(again) == "inside");
        CHECK(again.at(0).receive_count == 1);
    }
    std::filesystem::remove_all(data);
}

TEST_CASE("Messages sent together are received, counted and kept like messages sent one by one") {
    Bench b;
    Random random{5};
    for (const char* name : {"dead", "one", "many"}) b.create(name);
    for (const char* name : {"one", "many"})
        b.create(std::string(name) + "-2",
                 {{"RedrivePolicy", R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2})"},
                  {"MessageRetentionPeriod", "300"}, {"VisibilityTimeout", "20"}, {"DelaySeconds", "3"}});
    int sent = 0;
    for (int step = 0; step < 400; ++step) {
        const std::string queue = random.below(2) ? "" : "-2";
        switch (random.below(6)) {
            case 0: case 1: {
                std::vector<std::string> bodies(1 + random.below(10));
                for (auto& body : bodies) body = std::to_string(++sent) + ";";
                std::optional<std::int64_t> delay;
                if (random.below(3) == 0) delay = static_cast<std::int64_t>(random.below(10));
                b.send_all("many" + queue, bodies, delay);
                for (const auto& body : bodies) b.send_all("one" + queue, {body}, delay);
                break;
            }
            case 2: case 3: {
                const auto max = static_cast<std::int64_t>(1 + random.below(10));
                const auto one = b.receive("one" + queue, max), many = b.receive("many" + queue, max);
                REQUIRE(bodies(many) == bodies(one));
                for (std::size_t i = 0; i < one.size(); ++i) {
                    CHECK(many[i].id == one[i].id);
                    CHECK(many[i].trace_header == "trace");
                    CHECK(many[i].sender == "me");
                    CHECK(many[i].sent == one[i].sent);
                    CHECK(many[i].receive_count == one[i].receive_count);
                    if (random.below(2)) continue;
                    b.remove("one" + queue, one[i].receipt_handle);
                    b.remove("many" + queue, many[i].receipt_handle);
                }
                break;
            }
            case 4: b.advance(static_cast<std::int64_t>(random.below(30))); break;
            default:
                if (random.below(8)) break;
                for (const char* name : {"one", "many"}) {
                    auto tx = b.partition->write();
                    b.queues.purge(tx, name + queue);
                    tx.commit();
                }
        }
        CHECK(b.counted("many" + queue) == b.counted("one" + queue));
    }
    // What nobody has looked at lies together, and goes with its queue.
    b.send_all("many", {"x", "y", "z"});
    CHECK(b.rows("select count(*) from queue_batch where count = 3") > 0);
    for (const char* name : {"many", "many-2"}) {
        auto tx = b.partition->write();
        b.queues.remove(tx, name);
        tx.commit();
    }
    CHECK(b.rows("select count(*) from queue_batch") == 0);
}

TEST_CASE("Messages sent together wake the reader that waits for their delay") {
    Bench b;
    b.create("q");
    b.send_all("q", {"a", "b"}, 30);
    CHECK(b.receive("q").empty());
    CHECK(b.counted("q") == "0 visible, 0 in flight, 2 delayed");
    const auto woken = b.count_wakes("q");
    b.advance(29);
    CHECK(*woken == 0);
    b.advance(1);
    CHECK(*woken == 1);
    CHECK(bodies(b.receive("q", 1)) == "a");
    CHECK(bodies(b.receive("q")) == "b");
}

TEST_CASE("Messages sent together are there after a restart, and new ones have other numbers") {
    auto folder = std::filesystem::temp_directory_path() / ("virga-queue-batch-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    {
        Bench b(folder.string());
        b.create("q");
        b.send_all("q", {"a", "b", "c"});
        b.partition.reset();
        b.world.close();
    }
    {
        Bench b(folder.string());
        b.send("q", "d");
        b.send_all("q", {"e", "f"});
        CHECK(bodies(b.receive("q")) == "abcdef");
        b.partition.reset();
        b.world.close();
    }
    std::filesystem::remove_all(folder);
}
