#include "emulator/stream/records.hpp"

#include <doctest/doctest.h>

#include <map>

#include "emulator/stream/reshard.hpp"
#include "emulator/stream/tokens.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::stream;

namespace {

constexpr TimeMs start_at = 1'750'000'000'000;
constexpr TimeMs hour = 3600000;

// One partition with a stream "s"; time is passed in.
struct Bench {
    Runtime runtime{1};
    World world{runtime, {.freeze_at = start_at}};
    std::shared_ptr<Partition> partition = world.partition({"000000000000", "us-east-1"});
    Streams& streams = partition->part<Streams>();

    explicit Bench(std::int64_t shards) {
        auto tx = partition->write();
        streams.create(tx, "s", shards, false, 1024, start_at);
        tx.commit();
    }
    std::vector<Placed> put(const std::vector<NewRecord>& records, TimeMs now) {
        auto tx = partition->write();
        auto placed = stream::put(streams, tx, *streams.get(tx.db(), "s"), records, "", now);
        tx.commit();
        return placed;
    }
    Page read(std::int64_t shard, std::int64_t position, TimeMs now, std::int64_t limit = 10000) {
        auto reading = partition->read();
        auto s = streams.get(reading.db(), "s");
        return stream::read(reading.db(), *s, *s->find(shard), position, limit, now);
    }
    std::int64_t position_at(TimeMs instant) {
        auto reading = partition->read();
        return stream::position_at(reading.db(), *streams.get(reading.db(), "s")->find(0), instant);
    }
    void change(const std::function<void(Transaction&, Stream&)>& work) {
        auto tx = partition->write();
        work(tx, *streams.get(tx.db(), "s"));
        tx.commit();
    }
    StreamPtr stream() {
        auto reading = partition->read();
        return streams.get(reading.db(), "s");
    }
};

std::string data(const Page& page) {
    std::string all;
    for (const auto& r : page.records) all += r.data;
    return all;
}

// Every hash key falls on exactly one open shard.
void check_tiles(const Stream& stream) {
    auto open = stream.open_shards();
    uint128 next = 0;
    for (const auto* shard : open) {
        CHECK(shard->range.start == next);
        next = shard->range.end + 1;
    }
    CHECK(open.back()->range.end == max_hash_key);
}

}  // namespace

TEST_CASE("Records come back in order, by position and by time, until the retention ends") {
    Bench b(1);
    for (int i = 0; i < 5; ++i) b.put({{"k", std::string_view("abcde").substr(static_cast<std::size_t>(i), 1), {}}}, start_at + i * hour);
    TimeMs now = start_at + 5 * hour;
    CHECK(data(b.read(0, 0, now)) == "abcde");
    auto first = b.read(0, 0, now, 2);
    CHECK(data(first) == "ab");
    CHECK(first.behind_ms == 4 * hour);
    auto rest = b.read(0, first.next, now);
    CHECK(data(rest) == "cde");
    CHECK(rest.behind_ms == 0);
    CHECK(b.position_at(start_at) == 1);
    CHECK(b.position_at(start_at + 1) == 2);
    CHECK(b.position_at(start_at + 4 * hour) == 5);
    CHECK(b.position_at(start_at + 5 * hour) == 6);
    CHECK(data(b.read(0, 0, start_at + 25 * hour)) == "cde");
    // A write deletes what is past the retention, and numbers are not used again.
    auto placed = b.put({{"k", "f", {}}}, start_at + 50 * hour);
    CHECK(read_sequence_number(placed[0].sequence_number)->index == 6);
    CHECK(data(b.read(0, 0, start_at + 50 * hour)) == "f");
}

TEST_CASE("A split closes the parent, and its children follow in number and in time") {
    Bench b(1);
    b.put({{"k", "a", {}}}, start_at);
    b.change([&](Transaction& tx, Stream& s) { reshard(b.streams, tx, s, {Resharding::Kind::split, 0, 0, uint128{1} << 127}, start_at + 1000); });
    auto s = b.stream();
    REQUIRE(s->shards.size() == 3);
    CHECK(s->shards[1].parent == 0);
    CHECK(s->shards[0].ending_sequence_number() < s->shards[1].starting_sequence_number());
    check_tiles(*s);
    auto page = b.read(0, 0, start_at + 2000);
    CHECK(page.drained);
    auto placed = b.put({{"a", "x", {}}, {"e", "y", {}}}, start_at + 2000);  // hashes in the lower and the upper half
    CHECK(placed[0].shard == 1);
    CHECK(placed[1].shard == 2);
}

TEST_CASE("Scaling leaves as many shards as the real service") {
    auto total = [](std::int64_t from, std::int64_t to) {
        Bench b(from);
        b.change([&](Transaction& tx, Stream& s) { reshard(b.streams, tx, s, {Resharding::Kind::scale, to, 0, 0}, start_at); });
        auto s = b.stream();
        CHECK(s->open_count() == to);
        check_tiles(*s);
        for (const auto& shard : s->shards) CHECK((shard.number < from || shard.parent));
        return s->shards.size();
    };
    CHECK(total(2, 4) == 6);
    CHECK(total(4, 5) == 15);
    CHECK(total(10, 13) == 37);
    CHECK(total(4, 2) == 6);
    CHECK(total(5, 3) == 7);
}

TEST_CASE("An iterator says where it was, and a changed one is none") {
    Iterator iterator{start_at, "000000000000", "us-east-1", "s", 1, 2, 300};
    auto token = write_iterator(iterator);
    CHECK(token.starts_with("AAAAAAAAAA"));  // seven zeros and a one; two bits of the next character are the content's
    CHECK(std::string("EFGH").find(token[10]) != std::string::npos);
    REQUIRE(read_iterator(token));
    CHECK(*read_iterator(token) == iterator);
    token[30] = token[30] == 'A' ? 'B' : 'A';
    CHECK_FALSE(read_iterator(token));
    CHECK_FALSE(read_iterator("junk"));
    CHECK_FALSE(read_iterator(write_token({{"after", "x"}}, start_at)));
}

TEST_CASE("Shard ids are read leniently and written in full") {
    CHECK(parse_shard_id("shardId-000000000007") == 7);
    CHECK(parse_shard_id("abc-0") == 0);
    CHECK(parse_shard_id("5") == 5);
    CHECK_FALSE(parse_shard_id("shardId-99999999999"));
    CHECK_FALSE(parse_shard_id("shardId-"));
    CHECK(shard_id(3) == "shardId-000000000003");
}

TEST_CASE("What one call puts into a shard is read, paged and trimmed record by record") {
    Bench b(1);
    std::vector<std::string> texts;
    for (int i = 0; i < 700; ++i) texts.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 400), 'x'));
    auto put = [&](std::size_t from, std::size_t to, TimeMs now) {
        std::vector<NewRecord> records;
        for (std::size_t i = from; i < to; ++i) records.push_back({texts[i], texts[i], {}});
        return b.put(records, now);
    };
    auto placed = put(0, 500, start_at);  // more than a block takes
    put(500, 501, start_at + hour);
    put(501, 700, start_at + 2 * hour);
    TimeMs now = start_at + 3 * hour;
    REQUIRE(placed.size() == 500);
    for (std::int64_t limit : {1, 7, 499, 10000}) {
        std::size_t seen = 0;
        for (std::int64_t at = 0;;) {
            auto page = b.read(0, at, now, limit);
            CHECK(static_cast<std::int64_t>(page.records.size()) <= limit);
            for (const auto& r : page.records) {
                REQUIRE(seen < texts.size());
                REQUIRE(r.data == texts[seen]);
                REQUIRE(r.key == texts[seen]);
                if (seen < placed.size()) REQUIRE(r.sequence_number == placed[seen].sequence_number);
                ++seen;
            }
            if (page.records.empty()) break;
            CHECK(page.next == at + static_cast<std::int64_t>(page.records.size()) + (at == 0 ? 1 : 0));
            at = page.next;
        }
        CHECK(seen == texts.size());
    }
    CHECK(b.position_at(start_at + 1) == 501);
    CHECK(b.position_at(start_at + hour + 1) == 502);
    // Past the retention the first call's records are not read, and deleted with the next put.
    TimeMs later = start_at + 24 * hour + 1;
    CHECK(b.read(0, 0, later).records.front().data == texts[500]);
    CHECK(b.read(0, 250, later).records.size() == 200);
    b.put({{"k", "last", {}}}, later);
    auto reading = b.partition->read();
    auto q = reading.db().query("select sum(count), min(idx) from stream_record");
    REQUIRE(q.next());
    CHECK(q.integer(0) == 201);
    CHECK(q.integer(1) == 501);
}

TEST_CASE("Records of one call fall on their shards in order") {
    Bench b(4);
    std::vector<std::string> keys;
    for (int i = 0; i < 300; ++i) keys.push_back("key-" + std::to_string(i));
    std::vector<NewRecord> records;
    for (const auto& key : keys) records.push_back({key, key, {}});
    auto placed = b.put(records, start_at);
    std::map<std::int64_t, std::vector<std::string>> expected;
    for (std::size_t i = 0; i < placed.size(); ++i) expected[placed[i].shard].push_back(keys[i]);
    CHECK(expected.size() == 4);
    for (const auto& [shard, wanted] : expected) {
        std::vector<std::string> got;
        for (const auto& r : b.read(shard, 0, start_at).records) got.push_back(r.data);
        CHECK(got == wanted);
    }
}
