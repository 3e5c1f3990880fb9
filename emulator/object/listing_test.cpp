#include "emulator/object/listing.hpp"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <map>
#include <set>

#include "emulator/object/folders.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::object;

namespace {

using Keys = std::vector<std::string>;

// A bucket beside a plain model of it: which keys have a version, and which of them are there (their newest version is no delete marker).
struct Box {
    Runtime runtime{1};
    World world{runtime, WorldOptions()};
    std::shared_ptr<Partition> partition = world.partition({"111111111111", "eu-west-1"});
    Random random{11};
    std::map<std::string, bool> there;

    Box() {
        create_bucket(world, partition, "box");
        auto tx = partition->write();
        set_versioning(tx.db(), bucket(tx.db()).id, Versioning::enabled);
        tx.commit();
    }
    ~Box() {
        partition.reset();
        world.close();
    }
    static Bucket bucket(Database& db) { return require_bucket(db, "box"); }

    void change(const std::string& key) {
        auto tx = partition->write();
        const Bucket box = bucket(tx.db());
        const auto current = find_current(tx.db(), box.id, key);
        switch (random.below(4)) {
            case 0: case 1: {
                Version v;
                v.key = key;
                put_version(tx, box, v, {}, random);
                there[key] = true;
                break;
            }
            case 2:
                delete_version(tx, box, key, "", random);
                there[key] = false;
                break;
            default: {
                if (!current) break;
                delete_version(tx, box, key, current->version_id, random);
                const auto next = find_current(tx.db(), box.id, key);
                there.erase(key);
                if (next) there[key] = !next->delete_marker;
            }
        }
        tx.commit();
    }

    // What a listing of everything after `after` must name.
    Keys expected(const std::string& prefix, const std::string& delimiter, const std::string& after, bool versions) const {
        std::set<std::string> names;
        const std::string rolled_after = common_prefix(after, prefix, delimiter);
        for (const auto& [key, is_there] : there) {
            if (!key.starts_with(prefix) || key <= after || !(versions || is_there)) continue;
            const std::string rolled = common_prefix(key, prefix, delimiter);
            if (!rolled.empty() && rolled == rolled_after) continue;
            names.insert(rolled.empty() ? key : rolled);
        }
        return {names.begin(), names.end()};
    }

    static Keys listed(Database& db, ListRequest r, bool versions) {
        r.bucket = bucket(db).id;
        Keys names;
        for (bool more = true; more;) {
            const ListPage page = versions ? list_versions(db, r) : list_objects(db, r);
            for (const auto& e : page.entries)
                if (names.empty() || names.back() != e.name()) names.push_back(e.name());
            more = page.truncated;
            if (!more) break;
            r.after = page.entries.back().name();
            if (versions && !page.entries.back().is_prefix()) r.after_version = page.entries.back().version.version_id;
            else r.after_version.reset();
        }
        return names;
    }

    void check_listings(Random& choice, const Keys& keys) {
        Reading r = partition->read();
        for (const char* prefix : {"", "a", "a/", "a/b", "b/", "/", "c"})
            for (const char* delimiter : {"", "/", "b", "b/"})
                for (bool versions : {false, true}) {
                    ListRequest request;
                    request.prefix = prefix;
                    request.delimiter = delimiter;
                    request.limit = 1 + static_cast<std::int64_t>(choice.below(5));
                    if (choice.below(2)) request.after = keys[choice.below(keys.size())];
                    const Keys wanted = expected(prefix, delimiter, request.after, versions);
                    const Keys found = listed(r.db(), request, versions);
                    CAPTURE(request.prefix);
                    CAPTURE(request.delimiter);
                    CAPTURE(request.after);
                    CAPTURE(versions);
                    CAPTURE(fmt::format("{}", fmt::join(found, " ")));
                    CAPTURE(fmt::format("{}", fmt::join(wanted, " ")));
                    CHECK(found == wanted);
                }
    }

    std::set<std::pair<std::string, std::string>> names(Database& db) const {
        std::set<std::pair<std::string, std::string>> all;
        Query q = db.query("select folder, name from object_name");
        while (q.next()) all.emplace(q.string(0), q.string(1));
        return all;
    }
    // What the rows of folders.hpp must be.
    std::set<std::pair<std::string, std::string>> tree() const {
        std::set<std::pair<std::string, std::string>> all;
        for (const auto& [key, is_there] : there) {
            std::string_view folder = folder_of(key);
            all.emplace(folder, std::string_view(key).substr(folder.size()));
            for (; !folder.empty(); folder = parent_of(folder)) all.emplace(parent_of(folder), folder.substr(parent_of(folder).size()));
        }
        return all;
    }
};

}  // namespace

TEST_CASE("pages agree with a plain model of the bucket, whatever comes and goes") {
    Box box;
    Keys keys{"/", "//", "/a", "a//b", "c//"};
    for (const char* top : {"", "a", "a/", "b/", "a/b/", "a-", "a0"})
        for (const char* name : {"a", "b", "c/", "\xC3\xA9/x"}) keys.push_back(std::string(top) + name);
    for (int step = 0; step < 600; ++step) {
        box.change(keys[box.random.below(keys.size())]);
        if (step % 20) continue;
        box.check_listings(box.random, keys);
        Reading r = box.partition->read();
        CHECK(box.names(r.db()) == box.tree());
    }
}

TEST_CASE("folders are made of what an earlier virga left") {
    Box box;
    const Keys keys{"a/b/c", "a/b/d", "a/e", "f", "/", "//", "g//h", "i/", "\xC3\xA9/\xC3\xA9/x"};
    for (int step = 0; step < 60; ++step) box.change(keys[box.random.below(keys.size())]);
    auto tx = box.partition->write();
    tx.db().script("drop table object_name; create index object_version_key on object_version (bucket, key, delete_marker desc);");
    tx.db().run("update schema_version set version = 5 where component = 'object'");
    ObjectStore again(*box.partition, tx.db());
    CHECK(box.names(tx.db()) == box.tree());
    Random choice{3};
    tx.commit();
    box.check_listings(choice, keys);
}
