#include <fmt/format.h>

#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/expiry.hpp"

namespace virga::dynamodb {

using namespace table;

Value update_time_to_live(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(input);
    const Value& spec = input["TimeToLiveSpecification"];
    const std::string attribute(spec.text("AttributeName"));
    const bool enable = spec.flag("Enabled");

    // 2. Change.
    WriteScope scope(store(ctx));
    TablePtr table = require_described_table(ctx, scope.db(), name);
    const std::string& current = table->ttl_attribute;
    if (enable && current == attribute) throw errors::validation("TimeToLive is already enabled");
    if (!enable && current.empty()) throw errors::validation("TimeToLive is already disabled");
    if (!current.empty() && current != attribute)
        throw errors::validation(fmt::format("TimeToLive is active on a different AttributeName: current AttributeName is {}", current));
    set_ttl_attribute(scope, *table, enable ? attribute : std::string());
    scope.commit();

    // 3. Answer.
    return Object{{"TimeToLiveSpecification", Object{{"Enabled", enable}, {"AttributeName", attribute}}}};
}

Value describe_time_to_live(Context& ctx, const Value& input) {
    const std::string name = table_name(input);
    ReadScope reading(store(ctx));
    TablePtr table = require_described_table(ctx, reading.db(), name);
    if (table->ttl_attribute.empty()) return Object{{"TimeToLiveDescription", Object{{"TimeToLiveStatus", "DISABLED"}}}};
    return Object{{"TimeToLiveDescription", Object{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", table->ttl_attribute}}}};
}

}  // namespace virga::dynamodb
