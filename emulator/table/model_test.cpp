// The engine against a plain model: random writes, then items, indexes, page walks in both directions and the change stream compared.
//
// VIRGA_MODEL_STEPS (default 10000) and VIRGA_MODEL_SEED (default: drawn, and printed) choose how long and which walk.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>

#include "emulator/table/change_stream.hpp"
#include "emulator/table/number.hpp"
#include "emulator/table/pages.hpp"
#include "emulator/table/update.hpp"
#include "emulator/world/world.hpp"

namespace virga::table {

namespace {

constexpr TimeMs start_at = 1'750'000'000'000;

std::string number_value(int n) {
    std::string key, out;
    append_number(key, std::to_string(n));
    append_scalar(out, Type::n, key);
    return out;
}

std::string string_value(std::string_view text) {
    std::string out;
    append_scalar(out, Type::s, text);
    return out;
}

// What the model knows of an item.
struct Row {
    std::string pk;
    int sk = 0;
    std::optional<std::string> g;
    std::optional<int> r;
    std::optional<int> v;

    std::string bytes() const {
        std::map<std::string, std::string> members{{"pk", string_value(pk)}, {"sk", number_value(sk)}};
        if (g) members["g"] = string_value(*g);
        if (r) members["r"] = number_value(*r);
        if (v) members["v"] = number_value(*v);
        std::string out;
        append_varint(out, members.size());
        for (const auto& [name, value] : members) {
            append_varint(out, name.size());
            out += name + value;
        }
        return out;
    }
};
using Model = std::map<std::pair<std::string, int>, Row>;

Table make_table() {
    Table t;
    t.name = "table";
    t.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table";
    t.hash = {"pk", Type::s};
    t.range = KeyPart{"sk", Type::n};
    auto index = [&](std::string name, bool global, std::vector<KeyPart> hash, std::vector<KeyPart> range, Index::Projection projection) {
        Index i;
        i.name = std::move(name);
        i.global = global;
        i.hash = std::move(hash);
        i.range = std::move(range);
        i.projection = projection;
        if (projection == Index::Projection::include) i.included = {"v"};
        t.indexes.push_back(std::move(i));
    };
    index("local", false, {{"pk", Type::s}}, {{"r", Type::n}}, Index::Projection::keys_only);
    index("all", true, {{"g", Type::s}}, {{"r", Type::n}}, Index::Projection::all);
    index("hash", true, {{"g", Type::s}}, {}, Index::Projection::include);
    index("several", true, {{"g", Type::s}, {"pk", Type::s}}, {{"r", Type::n}, {"sk", Type::n}}, Index::Projection::keys_only);
    return t;
}

class Walker {
public:
    explicit Walker(unsigned seed) : chance_(seed) {
        WriteScope scope(store_);
        Table t = make_table();
        t.id = store_.new_id(scope.db());
        for (Index& i : t.indexes) i.id = store_.new_id(scope.db());
        enable_stream(scope, t, "NEW_AND_OLD_IMAGES", start_at);
        store_.save(scope.db(), std::move(t));
        scope.commit();
        ReadScope reading(store_);
        table_ = store_.find(reading.db(), "table");
    }

    void step() {
        Row row{draw(4, "pqrs"), number(8), {}, {}, {}};
        if (number(3)) row.g = draw(3, "xyz");
        if (number(3)) row.r = number(4) - 2;
        if (number(4)) row.v = number(100);
        switch (number(4)) {
            case 0: case 1: write(row, row.bytes()); break;
            case 2: write(row, {}); break;
            default: update(row); break;
        }
        if (number(10) == 0) check_walk();
    }

    void check_all() {
        for (int i = 0; i < 40; ++i) check_walk();
        ReadScope reading(store_);
        REQUIRE(store_.counts(reading.db(), *table_).items == static_cast<std::int64_t>(model_.size()));
        const auto stream = find_stream(reading.db(), table_->stream_arn, start_at);
        REQUIRE(stream);
        std::size_t at = 0;
        for (const Shard& shard : list_shards(reading.db(), *stream, start_at)) {
            std::int64_t from = shard.first_seq;
            for (;;) {
                const auto records = read_changes(reading.db(), *stream, shard, from, 777, start_at);
                if (records.empty()) break;
                for (const ChangeRecord& r : records) {
                    REQUIRE(at < changes_.size());
                    REQUIRE(r.old_image == changes_[at].first);
                    REQUIRE(r.new_image == changes_[at].second);
                    ++at;
                }
                from = records.back().seq + 1;
            }
        }
        REQUIRE(at == changes_.size());
    }

private:
    int number(int below) { return static_cast<int>(chance_() % static_cast<unsigned>(below)); }
    std::string draw(int of, std::string_view letters) { return std::string(1, letters[static_cast<std::size_t>(number(of))]); }

    void write(const Row& row, const std::string& after) {
        const std::string bytes = row.bytes();
        WriteScope scope(store_);
        const ItemKey key = item_key(*table_, ItemView(bytes));
        const std::string before = read_item(scope.db(), *table_, key);
        const auto known = model_.find({row.pk, row.sk});
        REQUIRE(before == (known == model_.end() ? std::string() : known->second.bytes()));
        write_item(scope, *table_, key, ItemView(before), ItemView(after), {start_at, {}, false});
        scope.commit();
        if (before != after) changes_.emplace_back(before, after);
        if (after.empty()) model_.erase({row.pk, row.sk});
        else model_[{row.pk, row.sk}] = row;
    }

    // ADD v :n REMOVE g, on what is there or on nothing.
    void update(const Row& drawn) {
        Row key{drawn.pk, drawn.sk, {}, {}, {}};
        const auto known = model_.find({drawn.pk, drawn.sk});
        Row wanted = known == model_.end() ? key : known->second;
        const int add = number(5);
        wanted.v = wanted.v.value_or(0) + add;
        wanted.g.reset();
        Substitutions values;
        values.add_value(":n", number_value(add));
        const Bound bound = bind(store_.expressions.get(ExpressionKind::update, "ADD v :n REMOVE g"), values);
        const std::string before = known == model_.end() ? key.bytes() : known->second.bytes();
        const std::string after = apply_update(bound, ItemView(before));
        REQUIRE(after == wanted.bytes());
        write(wanted, after);
    }

    // Where a row stands in a walk: its sort position among those with the same partition. Nothing = it is not there.
    using Place = std::tuple<int, int, std::string, int>;
    static std::optional<std::pair<std::string, Place>> place_of(const Row& row, const Index* index) {
        if (!index) return {{row.pk, Place{row.sk, 0, "", 0}}};
        if (index->name == "local") return row.r ? std::optional(std::pair{row.pk, Place{*row.r, 0, row.pk, row.sk}}) : std::nullopt;
        if (!row.g) return std::nullopt;
        if (index->name == "hash") return {{*row.g, Place{0, 0, row.pk, row.sk}}};
        if (!row.r) return std::nullopt;
        if (index->name == "all") return {{*row.g, Place{*row.r, 0, row.pk, row.sk}}};
        return {{*row.g + '/' + row.pk, Place{*row.r, row.sk, row.pk, row.sk}}};
    }

    // All of one partition, or of everything, in pages of a random length.
    void check_walk() {
        const int which = number(static_cast<int>(table_->indexes.size()) + 1);
        const Index* index = which == 0 ? nullptr : &table_->indexes[static_cast<std::size_t>(which - 1)];
        const bool query = number(4) != 0, forward = number(2) == 0;
        Walk walk{*table_};
        walk.index = index;
        walk.query = query;
        walk.forward = forward || !query;
        std::string partition;
        if (query) {
            const Row sample{draw(4, "pqrs"), 0, draw(3, "xyz"), 0, {}};
            partition = place_of(sample, index)->first;
            const std::string bytes = sample.bytes();
            walk.hk = position_of(*table_, index, ItemView(bytes)).hk;
        }
        std::vector<std::pair<Place, const Row*>> expected;
        for (const auto& [key, row] : model_)
            if (auto p = place_of(row, index); p && (!query || p->first == partition)) expected.emplace_back(p->second, &row);
        std::sort(expected.begin(), expected.end());
        if (!forward && query) std::reverse(expected.begin(), expected.end());
        compare(walk_pages(std::move(walk), 1 + number(5)), expected, query);
    }

    std::vector<std::pair<std::string, int>> walk_pages(Walk walk, int limit) {
        std::vector<std::pair<std::string, int>> found;
        ReadScope reading(store_);
        for (bool more = true; more;) {
            int count = 0;
            more = false;
            std::string last;
            virga::table::walk(reading.db(), walk, [&](ItemView item, std::size_t) {
                const auto known = std::find_if(model_.begin(), model_.end(), [&](const auto& m) {
                    return item.find("pk").bytes() == string_value(m.second.pk) && item.find("sk").bytes() == number_value(m.second.sk);
                });
                REQUIRE(known != model_.end());
                const bool whole = !walk.index || walk.index->projection == Index::Projection::all;
                if (whole) REQUIRE(item.bytes() == known->second.bytes());
                found.push_back(known->first);
                last = item.bytes();
                more = ++count == limit;
                return !more;
            });
            if (more) walk.after = position_of(*table_, walk.index, ItemView(last));
        }
        return found;
    }

    static void compare(std::vector<std::pair<std::string, int>> found, const std::vector<std::pair<Place, const Row*>>& expected, bool ordered) {
        std::vector<std::pair<std::string, int>> wanted;
        for (const auto& [place, row] : expected) wanted.emplace_back(row->pk, row->sk);
        if (!ordered) {
            std::sort(found.begin(), found.end());
            std::sort(wanted.begin(), wanted.end());
        }
        REQUIRE(found == wanted);
    }

    std::mt19937 chance_;
    Runtime runtime_{1};
    World world_{runtime_, {.freeze_at = start_at}};
    std::shared_ptr<Partition> partition_ = world_.partition({"000000000000", "us-east-1"});
    TableStore& store_ = partition_->part<TableStore>();
    TablePtr table_;
    Model model_;
    std::vector<std::pair<std::string, std::string>> changes_;
};

unsigned option(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

}  // namespace

TEST_CASE("random writes agree with a plain model") {
    const unsigned seed = option("VIRGA_MODEL_SEED", std::random_device()()), steps = option("VIRGA_MODEL_STEPS", 10000);
    MESSAGE("VIRGA_MODEL_SEED=" << seed << " VIRGA_MODEL_STEPS=" << steps);
    Walker walker(seed);
    for (unsigned i = 0; i < steps; ++i) {
        walker.step();
        if (i % 20000 == 19999) walker.check_all();
    }
    walker.check_all();
}

}  // namespace virga::table
