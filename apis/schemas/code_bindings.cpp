// That code was generated is recorded; the code itself is written when somebody downloads it: a version's content does not change.
#include <algorithm>
#include <array>

#include "apis/schemas/errors.hpp"
#include "apis/schemas/find.hpp"
#include "apis/schemas/operations.hpp"
#include "emulator/base/json.hpp"
#include "emulator/schema/code_source.hpp"

namespace virga::schemas {

namespace {

constexpr std::array<std::string_view, 4> languages = {"Go1", "Java8", "Python36", "TypeScript3"};

void check_language(std::string_view language) {
    if (std::find(languages.begin(), languages.end(), language) == languages.end()) throw errors::bad_request("Language is not supported.");
}

Value describe(const schema::CodeBinding& b) {
    return Object{{"CreationDate", Timestamp{b.created}}, {"LastModified", Timestamp{b.modified}}, {"SchemaVersion", std::to_string(b.version)}, {"Status", "CREATE_COMPLETE"}};
}

struct Bound {
    schema::Version version;
    schema::CodeBinding binding;
};

Bound require_binding(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    check_language(input.text("Language"));
    auto reading = ctx.partition->read();
    auto found = require_schema(ctx, reading.db(), store, input);
    auto version = require_version(reading.db(), store, found, input);
    auto binding = store.find_binding(reading.db(), found.id, input.text("Language"), version.number);
    if (!binding) throw errors::no_such_binding(input.text("Language"));
    return {std::move(version), std::move(*binding)};
}

}  // namespace

Value put_code_binding(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<schema::Schemas>();
    check_language(input.text("Language"));
    auto tx = ctx.partition->write();
    auto found = require_schema(ctx, tx.db(), store, input);
    auto version = require_version(tx.db(), store, found, input);
    auto binding = store.find_binding(tx.db(), found.id, input.text("Language"), version.number);
    if (!binding) binding = schema::CodeBinding{std::string(input.text("Language")), version.number, ctx.now(), ctx.now()};
    binding->modified = ctx.now();
    store.save_binding(tx.db(), found.id, *binding);
    tx.commit();
    Value answer = describe(*binding);
    answer["Status"] = "CREATE_IN_PROGRESS";
    return answer;
}

Value describe_code_binding(Context& ctx, const Value& input) { return describe(require_binding(ctx, input).binding); }

// An archive of source files.
Value get_code_binding_source(Context& ctx, const Value& input) {
    Bound bound = require_binding(ctx, input);
    auto model = schema::read_code_model(input.text("SchemaName"), json::parse(bound.version.content));
    return Object{{"Body", Bytes{make_zip(schema::write_code(input.text("Language"), model))}}};
}

}  // namespace virga::schemas
