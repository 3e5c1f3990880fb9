// CreateRequestValidator, GetRequestValidator, GetRequestValidators, UpdateRequestValidator, DeleteRequestValidator.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {
namespace {

Object find(Context& ctx, Database& db, const Value& input) {
    const RestApi api = find_api(ctx, db, input);
    auto validator = store_of(ctx).item(db, api.id, "validator", input.text("requestValidatorId"));
    if (!validator) throw errors::no_such("Request Validator");
    return *validator;
}

}  // namespace

Value create_request_validator(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    const RestApi api = find_api(ctx, tx.db(), input);
    if (input.has("name") && input.text("name").empty()) throw errors::blank_validator_name();
    const std::string id = ctx.random.alnum_lower(6);
    Object made{{"id", id}};
    copy_members(input, made, {"name"});
    made.append("validateRequestBody", input.flag("validateRequestBody"));
    made.append("validateRequestParameters", input.flag("validateRequestParameters"));
    store_of(ctx).put_item(tx.db(), api.id, "validator", id, made);
    tx.commit();
    return made;
}

Value get_request_validator(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    return find(ctx, reading.db(), input);
}

Value get_request_validators(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (auto& [id, v] : store_of(ctx).items(reading.db(), find_api(ctx, reading.db(), input).id, "validator")) all.push_back(v);
    return page(all, input);
}

Value update_request_validator(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    auto tx = ctx.partition->write();
    Object validator = find(ctx, tx.db(), input);
    for (const Patch& p : patches) {
        if (p.path != "/name" && p.path != "/validateRequestBody" && p.path != "/validateRequestParameters")
            throw errors::bad_patch_path(p.path, p.op, "/name, /validateRequestParameters, /validateRequestBody");
        allow_ops(p, "replace");
        if (p.path == "/name") {
            if (p.text().empty()) throw errors::blank_validator_name();
            patch_text(validator, "name", p);
        } else {
            patch_flag(validator, p.parts[0], p);
        }
    }
    store_of(ctx).put_item(tx.db(), input.text("restApiId"), "validator", input.text("requestValidatorId"), validator);
    tx.commit();
    return validator;
}

Value delete_request_validator(Context& ctx, const Value& input) {
    auto tx = ctx.partition->write();
    find(ctx, tx.db(), input);
    store_of(ctx).remove_item(tx.db(), input.text("restApiId"), "validator", input.text("requestValidatorId"));
    tx.commit();
    return Object{};
}

}  // namespace virga::apigateway
