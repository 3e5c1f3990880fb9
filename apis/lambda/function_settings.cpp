#include "apis/lambda/errors.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/paging.hpp"
#include "emulator/function/limits.hpp"

namespace virga::lambda {

namespace {

constexpr const char* invoke_kind = "invoke-config";
constexpr const char* concurrency_kind = "concurrency";
constexpr const char* tags_kind = "tags";

std::string invoke_qualifier(const FunctionRef& ref) { return ref.qualifier.empty() ? latest : ref.qualifier; }

Value invoke_answer(const FunctionRef& ref, const std::string& qualifier, Value document) {
    document["FunctionArn"] = ref.arn() + ":" + qualifier;
    document["LastModified"] = Timestamp{document.integer("LastModified")};
    return document;
}

Value put_invoke_config(Context& ctx, const Value& input, bool keep) {
    auto ref = function_ref(ctx, input);
    if (!input.has("MaximumRetryAttempts") && !input.has("MaximumEventAgeInSeconds") && !input.has("DestinationConfig"))
        throw lambda_errors::invoke_config_empty();
    auto qualifier = invoke_qualifier(ref);
    auto tx = ref.partition->write();
    try {
        require_configuration(tx.db(), ref);
    } catch (const ApiError&) {
        throw lambda_errors::function_does_not_exist();
    }
    auto stored = ref.store().setting(tx.db(), ref.name, invoke_kind, qualifier);
    if (keep && !stored) throw lambda_errors::no_invoke_config(ref.arn() + ":" + qualifier);
    Value document = keep && stored ? *stored : Value(Object{});
    document["LastModified"] = ctx.now();
    for (auto name : {"MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"})
        if (input.has(name)) document[name] = input[name];
    if (!document.has("DestinationConfig")) document["DestinationConfig"] = Object{{"OnSuccess", Object{}}, {"OnFailure", Object{}}};
    ref.store().put_setting(tx.db(), ref.name, invoke_kind, qualifier, document);
    tx.commit();
    return invoke_answer(ref, qualifier, document);
}

// Tags are asked for by ARN.
FunctionRef tagged(Context& ctx, const Value& input) {
    auto arn = input.text("Resource");
    auto ref = function_ref(ctx.world, ctx.partition->id(), arn, "");
    ctx.resource = ref.arn();
    return ref;
}

Value current_tags(Database& db, const FunctionRef& ref) {
    require_configuration(db, ref);
    return ref.store().setting(db, ref.name, tags_kind, "").value_or(Object{});
}

}  // namespace

Value put_function_event_invoke_config(Context& ctx, const Value& input) { return put_invoke_config(ctx, input, false); }
Value update_function_event_invoke_config(Context& ctx, const Value& input) { return put_invoke_config(ctx, input, true); }

Value get_function_event_invoke_config(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto qualifier = invoke_qualifier(ref);
    auto reading = ref.partition->read();
    auto stored = ref.store().setting(reading.db(), ref.name, invoke_kind, qualifier);
    if (!stored) throw lambda_errors::no_invoke_config(ref.arn() + ":" + qualifier);
    return invoke_answer(ref, qualifier, *stored);
}

Value delete_function_event_invoke_config(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto qualifier = invoke_qualifier(ref);
    auto tx = ref.partition->write();
    if (!ref.store().remove_setting(tx.db(), ref.name, invoke_kind, qualifier)) throw lambda_errors::no_invoke_config(ref.arn() + ":" + qualifier);
    tx.commit();
    return Object{};
}

Value list_function_event_invoke_configs(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    require_configuration(reading.db(), ref);
    Array found;
    for (auto& [qualifier, document] : ref.store().settings(reading.db(), ref.name, invoke_kind)) found.push_back(invoke_answer(ref, qualifier, document));
    return paged("FunctionEventInvokeConfigs", std::move(found), input, 50);
}

Value put_function_concurrency(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    auto reserved = input.integer("ReservedConcurrentExecutions");
    if (ref.store().reserved_total(tx.db(), ref.name) + reserved > limits::concurrent_executions - limits::unreserved_minimum)
        throw lambda_errors::reservation_too_large();
    Value document = Object{{"ReservedConcurrentExecutions", reserved}};
    ref.store().put_setting(tx.db(), ref.name, concurrency_kind, "", document);
    tx.commit();
    return document;
}

Value get_function_concurrency(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    require_configuration(reading.db(), ref);
    return ref.store().setting(reading.db(), ref.name, concurrency_kind, "").value_or(Object{});
}

Value delete_function_concurrency(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    ref.store().remove_setting(tx.db(), ref.name, concurrency_kind, "");
    tx.commit();
    return Object{};
}

Value tag_resource(Context& ctx, const Value& input) {
    auto ref = tagged(ctx, input);
    auto tx = ref.partition->write();
    auto tags = current_tags(tx.db(), ref);
    for (auto& [key, value] : input.object("Tags")) tags[key] = value;
    ref.store().put_setting(tx.db(), ref.name, tags_kind, "", tags);
    tx.commit();
    return Object{};
}

Value untag_resource(Context& ctx, const Value& input) {
    auto ref = tagged(ctx, input);
    auto tx = ref.partition->write();
    auto tags = current_tags(tx.db(), ref);
    for (auto& key : input.list("TagKeys")) tags.as_object().erase(key.as_string());
    ref.store().put_setting(tx.db(), ref.name, tags_kind, "", tags);
    tx.commit();
    return Object{};
}

Value list_tags(Context& ctx, const Value& input) {
    auto ref = tagged(ctx, input);
    auto reading = ref.partition->read();
    return Object{{"Tags", current_tags(reading.db(), ref)}};
}

}  // namespace virga::lambda
