#include "emulator/bus/text_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "emulator/world/random.hpp"

using namespace virga::bus;

TEST_CASE("texts are found with all their ids while others come and go") {
    TextIndex index;
    std::map<std::string, std::multiset<SubId>> expected;
    virga::Random random(7);
    for (int step = 0; step < 20000; ++step) {
        // Short ones and long ones, which have memory of their own.
        std::string text = std::to_string(random.below(300)) + std::string(random.below(2) * 50, 'x');
        auto id = static_cast<SubId>(random.below(4));
        auto& ids = expected[text];
        if (random.below(2) == 0) {
            index.add(text, id);
            ids.insert(id);
        } else {
            index.remove(text, id);
            if (auto it = ids.find(id); it != ids.end()) ids.erase(it);
        }
        const auto* found = index.find(text);
        REQUIRE((found != nullptr) == !ids.empty());
    }
    for (const auto& [text, ids] : expected) {
        const auto* found = index.find(text);
        std::multiset<SubId> there;
        if (found) there.insert(found->begin(), found->end());
        CHECK(there == ids);
    }
    TextIndex moved = std::move(index);
    CHECK(index.empty());
    CHECK_FALSE(moved.empty());
    CHECK(moved.find("nowhere") == nullptr);
}
