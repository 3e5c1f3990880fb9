#include "apis/lambda/errors.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/paging.hpp"

namespace virga::lambda {

namespace {

std::string alias_arn(const FunctionRef& ref, const std::string& name) { return ref.arn() + ":" + name; }

Value alias_answer(const FunctionRef& ref, const Value& document) {
    Value answer = document;
    answer["AliasArn"] = alias_arn(ref, std::string(document.text("Name")));
    return answer;
}

Value require_alias(Database& db, const FunctionRef& ref, const std::string& name) {
    auto alias = ref.store().alias(db, ref.name, name);
    if (!alias) throw lambda_errors::alias_not_found(alias_arn(ref, name));
    return std::move(*alias);
}

void check_target(Database& db, const FunctionRef& ref, const Value& alias) {
    auto require = [&](const std::string& version) {
        if (!ref.store().configuration(db, ref.name, version)) throw lambda_errors::function_not_found(ref.arn() + ":" + version);
    };
    require(std::string(alias.text("FunctionVersion")));
    auto& weights = alias["RoutingConfig"].object("AdditionalVersionWeights");
    if (weights.size() > 1) throw lambda_errors::too_many_weights();
    if (!weights.empty() && alias.text("FunctionVersion") == latest) throw lambda_errors::latest_with_weights();
    for (auto& [version, weight] : weights) require(version);
}

void apply(Context& ctx, Value& alias, const Value& input) {
    for (auto name : {"FunctionVersion", "Description"})
        if (input.has(name)) alias[name] = input[name];
    if (input.has("RoutingConfig")) {
        // An empty map takes the weights away.
        if (input["RoutingConfig"].object("AdditionalVersionWeights").empty()) alias.as_object().erase("RoutingConfig");
        else alias["RoutingConfig"] = input["RoutingConfig"];
    }
    alias["RevisionId"] = ctx.random.uuid();
}

}  // namespace

Value create_alias(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto name = std::string(input.text("Name"));
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    if (ref.store().alias(tx.db(), ref.name, name)) throw lambda_errors::alias_exists(alias_arn(ref, name));
    Value alias = Object{{"Name", name}, {"FunctionVersion", ""}, {"Description", ""}};
    apply(ctx, alias, input);
    check_target(tx.db(), ref, alias);
    ref.store().put_alias(tx.db(), ref.name, name, alias);
    tx.commit();
    return alias_answer(ref, alias);
}

Value get_alias(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    return alias_answer(ref, require_alias(reading.db(), ref, std::string(input.text("Name"))));
}

Value update_alias(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto name = std::string(input.text("Name"));
    auto tx = ref.partition->write();
    auto alias = require_alias(tx.db(), ref, name);
    if (input.has("RevisionId") && input.text("RevisionId") != alias.text("RevisionId")) throw lambda_errors::stale_revision("GetAlias");
    apply(ctx, alias, input);
    check_target(tx.db(), ref, alias);
    ref.store().put_alias(tx.db(), ref.name, name, alias);
    tx.commit();
    return alias_answer(ref, alias);
}

Value delete_alias(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    ref.store().remove_alias(tx.db(), ref.name, std::string(input.text("Name")));  // one that is not there is no error
    tx.commit();
    return Object{};
}

Value list_aliases(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    require_configuration(reading.db(), ref);
    Array aliases;
    for (auto& alias : ref.store().aliases(reading.db(), ref.name))
        if (!input.has("FunctionVersion") || input.text("FunctionVersion") == alias.text("FunctionVersion")) aliases.push_back(alias_answer(ref, alias));
    return paged("Aliases", std::move(aliases), input, 50);
}

}  // namespace virga::lambda
