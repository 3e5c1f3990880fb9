#include "emulator/table/recent_items.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace virga::table;

namespace {
ItemKey key_of(int n) {
    const std::string hk = "p" + std::to_string(n % 7), rk = "r" + std::to_string(n);
    return {key_hash(hk), hk, rk};
}
}  // namespace

TEST_CASE("what is kept is found until it is forgotten, and never for another table or key") {
    RecentItems recent;
    CHECK(recent.find(1, key_of(1)).empty());
    recent.forget(1, key_of(1));
    recent.keep(1, key_of(1), "one");
    CHECK(recent.find(1, key_of(1)) == "one");
    CHECK(recent.find(2, key_of(1)).empty());
    CHECK(recent.find(1, key_of(8)).empty());  // the same partition key
    recent.keep(1, key_of(1), "uno");
    CHECK(recent.find(1, key_of(1)) == "uno");
    recent.forget(1, key_of(1));
    CHECK(recent.find(1, key_of(1)).empty());
}

TEST_CASE("no item and long items are not kept") {
    RecentItems recent;
    recent.keep(1, key_of(1), "");
    CHECK(recent.find(1, key_of(1)).empty());
    recent.keep(1, key_of(1), std::string(4096, 'x'));
    CHECK(recent.find(1, key_of(1)).size() == 4096);
    recent.keep(1, key_of(2), std::string(4097, 'x'));
    CHECK(recent.find(1, key_of(2)).empty());
}

TEST_CASE("whatever it finds is what was kept last, through growth and replacement") {
    RecentItems recent;
    std::map<int, std::string> model;
    std::mt19937 random(1);
    std::size_t found = 0;
    for (int step = 0; step < 200'000; ++step) {
        const int n = static_cast<int>(random() % (step < 100'000 ? 300 : 20'000));
        switch (random() % 4) {
            case 0:
                model.erase(n);
                recent.forget(1, key_of(n));
                break;
            case 1:
                model[n] = std::to_string(step);
                recent.keep(1, key_of(n), model[n]);
                break;
            default:
                if (const std::string item = recent.find(1, key_of(n)); !item.empty()) {
                    ++found;
                    REQUIRE(model.count(n) == 1);
                    REQUIRE(item == model[n]);
                }
        }
    }
    CHECK(found > 10'000);
}

TEST_CASE("tables are found by name until a definition changes") {
    RecentItems recent;
    auto table = std::make_shared<Table>();
    table->name = "orders";
    CHECK(recent.table("orders") == nullptr);
    recent.keep_table(table);
    CHECK(recent.table("orders") == table);
    CHECK(recent.table("order") == nullptr);
    recent.forget_tables();
    CHECK(recent.table("orders") == nullptr);
}
