#include "apis/lambda/errors.hpp"
#include "apis/lambda/operations.hpp"
#include "emulator/base/json.hpp"

namespace virga::lambda {

namespace {

constexpr const char* kind = "policy";  // {RevisionId, Statement: [...]}, one a qualifier

bool is_account(std::string_view text) { return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos; }

Value statement_of(const FunctionRef& ref, const Value& input) {
    auto principal = std::string(input.text("Principal"));
    Value who = principal;
    if (is_account(principal)) who = Object{{"AWS", "arn:aws:iam::" + principal + ":root"}};
    else if (principal.starts_with("arn:")) who = Object{{"AWS", principal}};
    else if (principal != "*") who = Object{{"Service", principal}};
    Value statement = Object{{"Sid", input["StatementId"]}, {"Effect", "Allow"}, {"Principal", who}, {"Action", input["Action"]}, {"Resource", ref.qualified_arn()}};
    Object condition;
    auto add = [&](const char* test, const char* key, const Value& value) {
        if (!value.is_null()) condition[test][key] = value;
    };
    add("StringEquals", "AWS:SourceAccount", input["SourceAccount"]);
    add("ArnLike", "AWS:SourceArn", input["SourceArn"]);
    add("StringEquals", "lambda:EventSourceToken", input["EventSourceToken"]);
    add("StringEquals", "aws:PrincipalOrgID", input["PrincipalOrgID"]);
    add("StringEquals", "lambda:FunctionUrlAuthType", input["FunctionUrlAuthType"]);
    if (input.has("InvokedViaFunctionUrl")) add("Bool", "lambda:InvokedViaFunctionUrl", input.flag("InvokedViaFunctionUrl") ? "true" : "false");
    if (!condition.empty()) statement["Condition"] = std::move(condition);
    return statement;
}

void check_revision(const Value& input, const Value& policy) {
    if (input.has("RevisionId") && input.text("RevisionId") != policy.text("RevisionId")) throw lambda_errors::stale_revision("GetPolicy");
}

}  // namespace

Value add_permission(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    if (ref.qualifier == latest) throw lambda_errors::no_policy_for_latest();
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    auto policy = ref.store().setting(tx.db(), ref.name, kind, ref.qualifier).value_or(Object{{"RevisionId", ""}, {"Statement", Array{}}});
    check_revision(input, policy);
    for (auto& statement : policy.list("Statement"))
        if (statement.text("Sid") == input.text("StatementId")) throw lambda_errors::statement_exists(std::string(input.text("StatementId")));
    auto statement = statement_of(ref, input);
    policy["Statement"].as_array().push_back(statement);
    policy["RevisionId"] = ctx.random.uuid();
    ref.store().put_setting(tx.db(), ref.name, kind, ref.qualifier, policy);
    tx.commit();
    return Object{{"Statement", json::write(statement)}};
}

Value remove_permission(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto tx = ref.partition->write();
    require_configuration(tx.db(), ref);
    auto policy = ref.store().setting(tx.db(), ref.name, kind, ref.qualifier);
    if (!policy) throw lambda_errors::not_found(lambda_errors::no_policy().message);
    check_revision(input, *policy);
    auto& statements = (*policy)["Statement"].as_array();
    if (std::erase_if(statements, [&](const Value& s) { return s.text("Sid") == input.text("StatementId"); }) == 0)
        throw lambda_errors::no_statement(std::string(input.text("StatementId")));
    (*policy)["RevisionId"] = ctx.random.uuid();
    if (statements.empty()) ref.store().remove_setting(tx.db(), ref.name, kind, ref.qualifier);
    else ref.store().put_setting(tx.db(), ref.name, kind, ref.qualifier, *policy);
    tx.commit();
    return Object{};
}

Value get_policy(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    require_configuration(reading.db(), ref);
    auto policy = ref.store().setting(reading.db(), ref.name, kind, ref.qualifier);
    if (!policy) throw lambda_errors::no_such_resource();
    Object document{{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", (*policy)["Statement"]}};
    return Object{{"Policy", json::write(document)}, {"RevisionId", (*policy)["RevisionId"]}};
}

}  // namespace virga::lambda
