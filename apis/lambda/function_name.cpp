#include "apis/lambda/function_name.hpp"

#include <algorithm>
#include <vector>

#include "apis/lambda/errors.hpp"

namespace virga {

namespace {

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> parts;
    for (;;) {
        auto end = text.find(by);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

FunctionRef function_ref(World& world, const PartitionId& here, std::string_view name, std::string_view qualifier) {
    auto parts = split(name, ':');
    PartitionId where = here;
    std::size_t at = 0;
    if (parts[0] == "arn" && parts.size() >= 7) {
        if (parts[3] != here.region) throw lambda_errors::other_region(parts[3], here.region);
        where.account = parts[4];
        at = 6;
    } else if (parts.size() >= 3 && parts[1] == "function") {
        where.account = parts[0];
        at = 2;
    } else if (parts.size() >= 2 && parts[0] == "function") {
        at = 1;
    }
    FunctionRef ref{nullptr, parts[at], parts.size() > at + 1 ? parts[at + 1] : ""};
    if (!qualifier.empty() && !ref.qualifier.empty() && ref.qualifier != qualifier) throw lambda_errors::qualifier_mismatch();
    if (!qualifier.empty()) ref.qualifier = qualifier;
    ref.partition = world.partition(where);
    ref.store();  // made here, so that no caller makes it under the partition's lock
    return ref;
}

FunctionRef function_ref(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx.world, ctx.partition->id(), input.text("FunctionName"), input.text("Qualifier"));
    ctx.resource = ref.arn();
    return ref;
}

bool is_version(std::string_view q) { return q == latest || (!q.empty() && std::all_of(q.begin(), q.end(), [](char c) { return c >= '0' && c <= '9'; })); }

std::string version_of(const FunctionRef& ref, double draw) {
    auto& store = ref.store();
    if (ref.qualifier.empty() || is_version(ref.qualifier)) {
        auto version = ref.qualifier.empty() ? std::string(latest) : ref.qualifier;
        return store.version(ref.name, version) ? version : "";
    }
    auto reading = ref.partition->read();
    auto alias = store.alias(reading.db(), ref.name, ref.qualifier);
    if (!alias) return {};
    for (auto& [version, weight] : (*alias)["RoutingConfig"].object("AdditionalVersionWeights"))
        if (draw < weight.as_double()) return version;
    return std::string(alias->text("FunctionVersion"));
}

Value require_configuration(Database& db, const FunctionRef& ref) {
    auto& store = ref.store();
    auto version = ref.qualifier.empty() ? std::string(latest) : ref.qualifier;
    if (!is_version(version))
        if (auto alias = store.alias(db, ref.name, version)) version = alias->text("FunctionVersion");
    auto config = is_version(version) ? store.configuration(db, ref.name, version) : std::nullopt;
    if (!config) throw lambda_errors::function_not_found(ref.qualified_arn());
    return std::move(*config);
}

}  // namespace virga
