#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/expiry.hpp"
#include "emulator/table/lifecycle.hpp"
#include "emulator/table/replicas.hpp"

namespace virga::dynamodb {

using namespace table;

Value update_time_to_live(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name = table_name(ctx, input);
    const Value& spec = input["TimeToLiveSpecification"];
    const std::string attribute(spec.text("AttributeName"));
    const bool enable = spec.flag("Enabled");

    // 2. Change.
    WriteScope scope(store(ctx));
    TablePtr table = require_described_table(ctx, scope.db(), name);
    const std::string& current = table->ttl_attribute;
    if (strongly_consistent(*table)) throw errors::not_with_strong_consistency("Time to Live is");
    if (enable && current == attribute) throw errors::ttl_is_enabled();
    if (!enable && current.empty()) throw errors::ttl_is_disabled();
    if (!current.empty() && current != attribute) throw errors::ttl_of_other_attribute(current);
    const TimeMs takes = delays(ctx.world).time_to_live;
    if (takes && table->ttl_changed && ctx.now() < table->ttl_changed + takes) throw errors::ttl_changed_too_soon();
    Table changed = *table;
    changed.ttl_changed = ctx.now();
    set_ttl_attribute(scope, changed, enable ? attribute : std::string());
    changed.ttl_attribute = enable ? attribute : std::string();
    spread_definition(scope, changed, ctx.trace());
    scope.commit();

    // 3. Answer.
    return Object{{"TimeToLiveSpecification", Object{{"Enabled", enable}, {"AttributeName", attribute}}}};
}

Value describe_time_to_live(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    ReadScope reading(store(ctx));
    TablePtr table = require_described_table(ctx, reading.db(), name);
    const bool changing = ctx.now() < table->ttl_changed + delays(ctx.world).time_to_live;
    if (table->ttl_attribute.empty()) return Object{{"TimeToLiveDescription", Object{{"TimeToLiveStatus", changing ? "DISABLING" : "DISABLED"}}}};
    return Object{{"TimeToLiveDescription", Object{{"TimeToLiveStatus", changing ? "ENABLING" : "ENABLED"}, {"AttributeName", table->ttl_attribute}}}};
}

}  // namespace virga::dynamodb
