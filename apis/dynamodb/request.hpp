// What the operations on items have in common: table names, expression parameters.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "apis/dynamodb/attribute_value.hpp"
#include "emulator/table/binding.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

inline table::TableStore& store(Context& ctx) { return ctx.partition->part<table::TableStore>(); }

bool has_table_name_characters(std::string_view name);
// Throws for too long names and wrong characters. `path` is how the error names the member.
void check_table_name(std::string_view name, std::string_view path = "tableName");
// A table's name from a name or a table ARN. A table of another account or region is nobody's to reach from here.
std::string named_table(const Context& ctx, std::string_view name_or_arn, std::string_view path = "tableName");
inline std::string table_name(const Context& ctx, const Value& input) { return named_table(ctx, input.text("TableName")); }
// The resource ("T", "T/stream/...") of the ARN of a table, or of what belongs to one, of this partition.
std::string_view resource_of(const Context& ctx, std::string_view table_arn);

// The table, for the data plane. Lock held. Sets the call's resource.
table::TablePtr require_table(Context& ctx, Database& db, const std::string& name);
// The same without a lock, from what was read lately; null when it is not there: the store knows then.
table::TablePtr recent_table(Context& ctx, const std::string& name);
// The same for a transaction.
table::TablePtr require_transaction_table(Context& ctx, Database& db, const std::string& name);
// The same in the control plane's words.
table::TablePtr require_described_table(Context& ctx, Database& db, const std::string& name);

// Names of parameters, in the order in which errors list them.
struct ParameterRules {
    std::initializer_list<std::string_view> expressions;
    std::initializer_list<std::string_view> legacy;
};
// Refuses to mix expressions with legacy parameters, and names or values without an expression.
void check_parameters(const Value& input, const ParameterRules& rules);

struct Expressions {
    table::Substitutions substitutions;
    table::Bound update, condition, key_condition, filter, projection;
};
// Compiles and binds the expressions of a request (or of one action of a transaction), in the service's order. `value_level` is how deep the
// values lie: 1 as if they were attributes; 0 in transactions, where only what is written has to fit into its item (observed in most regions).
Expressions read_expressions(table::ExpressionCache& cache, const Value& input, FrontEnd front_end = FrontEnd::current, int value_level = 1);

// Refuses paths of an expression that go into a key attribute of the table or of an index: keys are scalars. No expression, no fault.
void check_nested_keys(const table::Table& table, const table::Bound& expression);

inline std::string_view return_values(const Value& input) { return input.text("ReturnValues", "NONE"); }

// ConditionalOperator is only good with something to combine.
std::string_view conditional_operator(const Value& input, std::string_view conditions);

}  // namespace virga::dynamodb
