// PartiQL: whatever statement comes in, it is refused with a ValidationException or compiles, binds and plans.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/table/condition.hpp"
#include "emulator/table/partiql_plan.hpp"
#include "emulator/table/update.hpp"

namespace {

using namespace virga::table;

Table sample_table() {
    Table t;
    t.name = "T";
    t.hash = {"pk", Type::s};
    t.range = KeyPart{"sk", Type::n};
    Index index;
    index.name = "ix";
    index.global = true;
    index.hash = {{"g", Type::s}};
    index.projection = Index::Projection::keys_only;
    t.indexes.push_back(index);
    return t;
}

void run(std::string_view text) {
    const std::string parameter("S\x01x", 3);
    const partiql::Statement statement = partiql::parse(text);
    const partiql::BoundStatement bound = partiql::bind(statement, {parameter, parameter, parameter, parameter});
    const Table table = sample_table();
    const std::string key = std::string("\x02\x02", 2) + "pk" + parameter + "\x02sk" + std::string("N\x01\x01", 3);
    if (bound.where) {
        evaluate(bound.where, ItemView(key));
        partiql::named_item(table, bound.where);
    }
    if (bound.change) apply_update(bound.change, ItemView(key));
    const Index* index = statement.index.empty() ? nullptr : &table.indexes[0];
    if (statement.reads()) partiql::plan_read(table, index, statement, bound.where);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        run({reinterpret_cast<const char*>(data), size});
    } catch (const virga::ApiError& e) {
        if (e.code != "ValidationException") std::abort();
    }
    return 0;
}
