#include "emulator/table/history.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "emulator/table/backups.hpp"
#include "emulator/table/items.hpp"
#include "emulator/table/number.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::table;

namespace {

constexpr TimeMs year_2026 = 1767225600000;

std::string item(const std::string& key, int value) {
    std::string out;
    append_varint(out, 2);
    append_varint(out, 1);
    out += 'p';
    append_scalar(out, Type::s, key);
    append_varint(out, 1);
    out += 'v';
    append_scalar(out, Type::s, std::to_string(value));
    return out;
}

using State = std::map<std::string, std::string>;  // key -> bytes

struct Harness {
    Runtime runtime{1};
    World world{runtime, options()};
    TableStore& store = world.partition({"111122223333", "us-east-1"})->part<TableStore>();
    Table table;
    State now;

    static WorldOptions options() {
        WorldOptions o;
        o.freeze_at = year_2026;
        o.seed = 1;
        return o;
    }

    Harness() {
        WriteScope scope(store);
        table.id = store.new_id(scope.db());
        table.name = "t";
        table.hash = {"p", Type::s};
        table.recovery_since = year_2026;
        table.recovery_days = 1;
        store.save(scope.db(), table);
        scope.commit();
    }
    ~Harness() {
        world.close();
        runtime.stop();
        runtime.join();
    }

    void write(const std::string& key, const std::string& after, TimeMs at) {
        WriteScope scope(store);
        std::string probe = item(key, 0);
        const ItemKey where = stored_key(table, ItemView(probe));
        const std::string before = read_item(scope.db(), table, where);
        write_item(scope, table, where, ItemView(before), ItemView(after), {at, {}, false});
        scope.commit();
        if (after.empty()) now.erase(key);
        else now[key] = after;
    }

    State as_of(TimeMs instant, std::size_t page_size) {
        State found;
        ItemKey from = before_all_keys();
        ReadScope reading(store);
        for (bool more = true; more;) {
            PastPage page = items_as_of(reading.db(), table, instant, from, page_size);
            for (const PastItem& i : page.items) found[i.key.hk] = i.body;
            more = page.more;
        }
        return found;
    }
};

}  // namespace

TEST_CASE("items are found as they were at every instant, whatever the page") {
    Harness h;
    Random random = h.world.random.derive(0, "history");
    std::map<TimeMs, State> states;
    for (int step = 1; step <= 300; ++step) {
        const std::string key = "k" + std::to_string(random.below(20));
        h.write(key, random.below(3) == 0 ? std::string() : item(key, step), year_2026 + step / 3);
        states[year_2026 + step / 3] = h.now;
    }
    for (const auto& [instant, state] : states)
        for (std::size_t page : {1, 7, 1000}) CHECK(h.as_of(instant, page) == state);
}

TEST_CASE("what changed between two instants is told once for an item, with both ends") {
    Harness h;
    h.write("a", item("a", 1), year_2026 + 1);
    h.write("b", item("b", 1), year_2026 + 1);
    h.write("a", item("a", 2), year_2026 + 2);
    h.write("a", item("a", 3), year_2026 + 3);
    h.write("b", "", year_2026 + 3);
    h.write("c", item("c", 1), year_2026 + 3);
    h.write("c", "", year_2026 + 3);
    h.write("a", item("a", 4), year_2026 + 9);
    ItemKey from = before_all_keys();
    ReadScope reading(h.store);
    const auto changes = changes_between(reading.db(), h.table, year_2026 + 1, year_2026 + 5, from, 100).changes;
    REQUIRE(changes.size() == 2);  // c came and went
    std::set<std::pair<std::string, std::string>> ends;
    for (const PastChange& c : changes) {
        ends.insert({c.before, c.after});
        CHECK(c.at == year_2026 + 3);
    }
    CHECK(ends == std::set<std::pair<std::string, std::string>>{{item("a", 1), item("a", 3)}, {item("b", 1), ""}});
}

TEST_CASE("history is bounded by the recovery period") {
    Harness h;
    constexpr TimeMs day = 86'400'000;
    for (int n = 0; n < 100; ++n) h.write("a", item("a", n), year_2026 + n * day / 10);
    WriteScope scope(h.store);
    Query q = scope.db().query("SELECT count(*) FROM ddb_history");
    q.next();
    CHECK(q.integer(0) <= 11);
    CHECK(earliest_restorable(h.table, year_2026 + 10 * day) == year_2026 + 9 * day);
}

TEST_CASE("a backup is a table that nothing changes") {
    Harness h;
    for (int n = 0; n < 50; ++n) h.write("k" + std::to_string(n), item("k" + std::to_string(n), n), year_2026);
    const State before = h.now;
    Backup backup;
    backup.arn = "arn";
    backup.name = "one";
    backup.type = "USER";
    backup.created = year_2026;
    {
        WriteScope scope(h.store);
        take_backup(scope, h.table, backup);
        scope.commit();
    }
    CHECK(backup.items == 50);
    for (int n = 0; n < 50; n += 2) h.write("k" + std::to_string(n), "", year_2026 + 1);
    Table copy = h.table;
    WriteScope scope(h.store);
    copy.id = h.store.new_id(scope.db());
    copy.name = "copy";
    h.store.save(scope.db(), copy);
    restore_items(scope, copy, *find_backup(scope.db(), "arn", year_2026));
    State found;
    for (const auto& [key, body] : before) found[key] = read_item(scope.db(), copy, stored_key(copy, ItemView(body)));
    CHECK(found == before);
    delete_backup(scope, backup);
    CHECK_FALSE(find_backup(scope.db(), "arn", year_2026));
    CHECK(h.store.counts(scope.db(), copy).items == 50);
}
