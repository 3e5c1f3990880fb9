#include <doctest/doctest.h>

#include <filesystem>
#include <future>

#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"
#include "emulator/object/listing.hpp"
#include "emulator/object/notifications.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::object;

namespace {

// Waits for a task that goes on elsewhere.
void finish(Task<> task) {
    auto done = std::make_shared<std::promise<void>>();
    std::future<void> ended = done->get_future();
    start(std::move(task), [done](std::exception_ptr error) {
        if (error) done->set_exception(error);
        else done->set_value();
    });
    ended.get();
}

struct Fixture {
    Runtime runtime{2};
    World world{runtime, [] {
                    WorldOptions o;
                    o.seed = 1;
                    return o;
                }()};
    std::shared_ptr<Partition> partition = world.partition({"111111111111", "eu-west-1"});
    Random random{7};

    Fixture() { create_bucket(world, partition, "box"); }
    ~Fixture() {
        partition.reset();
        world.close();
    }
    Bucket bucket() {
        Reading r = partition->read();
        return require_bucket(r.db(), "box");
    }
    Version put(const std::string& key, const std::string& body = "x", const WriteCondition& condition = {}) {
        BodyWriter writer(partition->part<ObjectStore>().files(), {});
        for (std::size_t at = 0; at < body.size(); at += 10000) finish(writer.write(body.substr(at, 10000)));
        finish(writer.finish());
        Transaction tx = partition->write();
        Version v;
        v.key = key;
        v.seq = next_sequence(tx.db());
        v.size = writer.size();
        v.etag = writer.md5();
        v.blob = v.seq;
        insert_blob(tx.db(), v.seq, writer);
        v = put_version(tx, require_bucket(tx.db(), "box"), v, condition, random);
        tx.commit();
        writer.keep();
        return v;
    }
    Deletion remove(const std::string& key, const std::string& version_id = {}) {
        Transaction tx = partition->write();
        Deletion d = delete_version(tx, require_bucket(tx.db(), "box"), key, version_id, random);
        tx.commit();
        return d;
    }
    void versioning(Versioning v) {
        Transaction tx = partition->write();
        set_versioning(tx.db(), require_bucket(tx.db(), "box").id, v);
        tx.commit();
    }
    std::string body(const Version& v) {
        std::vector<Segment> segments;
        {
            Reading r = partition->read();
            segments = open_version(r.db(), partition->part<ObjectStore>().files(), v);
        }
        SegmentsSource source(std::move(segments), 0, v.size, partition);
        std::string all;
        while (auto piece = source.next()) all += *piece;
        return all;
    }
    std::size_t body_files() {
        std::size_t n = 0;
        std::error_code ignored;
        for (std::filesystem::directory_iterator at(partition->files() + "/objects", ignored), end; at != end; ++at) ++n;
        return n;
    }
    // Every page of a listing joined: keys and common prefixes.
    std::vector<std::string> keys(const std::string& prefix, const std::string& delimiter, std::int64_t page_size, bool versions = false) {
        ListRequest request{bucket().id, prefix, delimiter, {}, {}, page_size};
        std::vector<std::string> all;
        for (;;) {
            Reading r = partition->read();
            ListPage page = versions ? list_versions(r.db(), request) : list_objects(r.db(), request);
            CHECK(static_cast<std::int64_t>(page.entries.size()) <= page_size);
            for (const auto& e : page.entries) all.push_back(e.name());
            if (!page.truncated) return all;
            request.after = page.entries.back().name();
            request.after_version.reset();
            if (versions && !page.entries.back().is_prefix()) request.after_version = page.entries.back().version.version_id;
        }
    }
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("bucket names are one namespace") {
    Fixture f;
    auto other = f.world.partition({"222222222222", "us-east-1"});
    CHECK_THROWS_WITH_AS(create_bucket(f.world, other, "box"), doctest::Contains("not available"), ApiError);
    CHECK_THROWS_WITH_AS(create_bucket(f.world, f.partition, "box"), doctest::Contains("already own it"), ApiError);
    CHECK(partition_of_bucket(f.world, "box") == f.partition);
    delete_bucket(f.world, f.partition, "box");
    CHECK_THROWS_AS(partition_of_bucket(f.world, "box"), ApiError);
    CHECK_NOTHROW(create_bucket(f.world, other, "box"));
    CHECK_NOTHROW(create_bucket(f.world, other, "box"));  // in us-east-1 once more is no error
}

TEST_CASE("large bodies are files that go with their object") {
    Fixture f;
    std::string large(200000, 'q');
    Version small = f.put("small", std::string(65536, 's'));
    CHECK(f.body_files() == 0);
    Version v = f.put("large", large);
    CHECK(f.body_files() == 1);
    CHECK(f.body(v) == large);
    CHECK(f.body(small).size() == 65536);
    v = f.put("large", large + "!");  // replaces: the old file goes
    CHECK(f.body_files() == 1);
    f.remove("large");
    CHECK(f.body_files() == 0);
}

TEST_CASE("a large body is hashed in the order of its pieces") {
    Fixture f;
    std::string body;
    for (unsigned i = 0; i < 3'000'000; ++i) body += static_cast<char>(i * 7919 >> 8);
    BodyWriter writer(f.partition->part<ObjectStore>().files(), {ChecksumAlgorithm::crc32, ChecksumAlgorithm::none, ChecksumAlgorithm::md5});
    for (std::size_t at = 0; at < body.size(); at += 60'000) finish(writer.write(body.substr(at, 60'000)));
    finish(writer.finish());
    CHECK(writer.size() == body.size());
    for (ChecksumAlgorithm a : {ChecksumAlgorithm::crc32, ChecksumAlgorithm::md5}) CHECK(hex_encode(writer.digest(a)) == hex_encode(checksum_of(a, body)));
}

TEST_CASE("a body that is given up leaves nothing behind") {
    Fixture f;
    {
        BodyWriter writer(f.partition->part<ObjectStore>().files(), {});
        finish(writer.write(std::string(300'000, 'x')));
        CHECK(f.body_files() == 1);
    }
    CHECK(f.body_files() == 0);
    {
        BodyWriter writer(f.partition->part<ObjectStore>().files(), {});
        finish(writer.write(std::string(300'000, 'x')));
        finish(writer.finish());
    }
    CHECK(f.body_files() == 0);
}

TEST_CASE("a reader keeps the version it began with") {
    Fixture f;
    std::string large(600000, 'q');
    Version v = f.put("k", large);
    std::vector<Segment> segments;
    {
        Reading r = f.partition->read();
        segments = open_version(r.db(), f.partition->part<ObjectStore>().files(), v);
    }
    auto source = std::make_unique<SegmentsSource>(std::move(segments), 0, v.size, f.partition);
    std::string read = *source->next();
    f.remove("k");
    CHECK(f.body_files() == 1);
    while (auto piece = source->next()) read += *piece;
    CHECK(read == large);
    source.reset();
    CHECK(f.body_files() == 0);
}

TEST_CASE("listing: order, prefixes, delimiters and pages") {
    Fixture f;
    for (const char* k : {"a/1", "a/2", "a0", "b", "c/x/1", "c/x/2", "c/y", "\xC3\xA9", "\xEF\xBF\xBF", "\xF0\x90\x80\x80"}) f.put(k);
    for (std::int64_t page : {1, 2, 3, 1000}) {
        CHECK(f.keys("", "", page) == Keys{"a/1", "a/2", "a0", "b", "c/x/1", "c/x/2", "c/y", "\xC3\xA9", "\xEF\xBF\xBF", "\xF0\x90\x80\x80"});
        CHECK(f.keys("", "/", page) == Keys{"a/", "a0", "b", "c/", "\xC3\xA9", "\xEF\xBF\xBF", "\xF0\x90\x80\x80"});
        CHECK(f.keys("c/", "/", page) == Keys{"c/x/", "c/y"});
        CHECK(f.keys("c/", "", page) == Keys{"c/x/1", "c/x/2", "c/y"});
        CHECK(f.keys("none", "/", page).empty());
    }
    f.remove("b");
    CHECK(f.keys("b", "", 10).empty());
}

TEST_CASE("a common prefix is there as long as one of its keys is") {
    Fixture f;
    f.versioning(Versioning::enabled);
    for (const char* k : {"a/1", "back/1", "gone/1", "gone/2", "half/1", "half/2", "z/1"}) f.put(k);
    for (const char* k : {"back/1", "gone/1", "gone/2", "half/1"}) f.remove(k);
    f.put("back/1");
    for (std::int64_t page : {1, 2, 1000}) {
        CHECK(f.keys("", "/", page) == Keys{"a/", "back/", "half/", "z/"});
        CHECK(f.keys("", "/", page, true) == Keys{"a/", "back/", "gone/", "half/", "z/"});
    }
}

TEST_CASE("a version marker counts where the listing names its key") {
    Fixture f;
    f.versioning(Versioning::enabled);
    f.put("a/1", "older");
    Version newest = f.put("a/1", "newest");
    f.put("b");
    Reading r = f.partition->read();
    auto names = [&](ListRequest request) {
        request.bucket = require_bucket(r.db(), "box").id;
        request.after = "a/1";
        request.after_version = newest.version_id;
        Keys all;
        for (const auto& e : list_versions(r.db(), request).entries) all.push_back(e.name());
        return all;
    };
    CHECK(names({}) == Keys{"a/1", "b"});
    ListRequest request;
    request.prefix = "b";
    CHECK(names(request) == Keys{"b"});
    request.prefix.clear();
    request.delimiter = "/";
    CHECK(names(request) == Keys{"b"});
}

TEST_CASE("versions: markers, promotion, suspension") {
    Fixture f;
    f.put("k", "before");
    f.versioning(Versioning::enabled);
    Version one = f.put("k", "one"), two = f.put("k", "two");
    CHECK(one.version_id.size() == 32);
    Deletion marker = f.remove("k");
    CHECK(marker.marker);
    CHECK_FALSE(marker.removed);
    CHECK(f.keys("", "", 10).empty());
    CHECK(f.keys("", "", 1, true) == Keys{"k", "k", "k", "k"});
    f.remove("k", marker.version_id);
    Bucket bucket = f.bucket();
    {
        Reading r = f.partition->read();
        CHECK(find_current(r.db(), bucket.id, "k")->version_id == two.version_id);
    }
}

TEST_CASE("suspended versioning replaces the null version only") {
    Fixture f;
    f.versioning(Versioning::enabled);
    Version kept = f.put("k", "kept");
    f.versioning(Versioning::suspended);
    f.put("k", "first");
    f.put("k", "second");
    CHECK(f.keys("", "", 10, true).size() == 2);
    Deletion d = f.remove("k");
    CHECK(d.version_id == "null");
    CHECK(f.keys("", "", 10, true).size() == 2);
    CHECK(f.body(kept) == "kept");
}

TEST_CASE("conditional writes are decided at the commit") {
    Fixture f;
    WriteCondition none;
    none.if_none_match = true;
    Version v = f.put("k", "1", none);
    CHECK_THROWS_AS(f.put("k", "2", none), ApiError);
    WriteCondition match;
    match.if_match = "\"" + v.etag + "\"";
    CHECK_NOTHROW(f.put("k", "3", match));
    CHECK_THROWS_AS(f.put("k", "4", match), ApiError);
    CHECK_THROWS_WITH_AS(f.put("missing", "5", match), doctest::Contains("does not exist"), ApiError);
}

TEST_CASE("notification rules") {
    Value rule = Object{{"Events", Array{"s3:ObjectCreated:*"}},
                        {"Filter", Object{{"Key", Object{{"FilterRules", Array{Object{{"Name", "prefix"}, {"Value", "in/"}}, Object{{"Name", "Suffix"}, {"Value", ".jpg"}}}}}}}}};
    CHECK(rule_matches(rule, "ObjectCreated:Put", "in/a.jpg"));
    CHECK_FALSE(rule_matches(rule, "ObjectRemoved:Delete", "in/a.jpg"));
    CHECK_FALSE(rule_matches(rule, "ObjectCreated:Put", "out/a.jpg"));
    CHECK_FALSE(rule_matches(rule, "ObjectCreated:Put", "in/a.png"));
}
