#include "apis/lambda/errors.hpp"
#include "apis/lambda/function_document.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/paging.hpp"
#include "apis/lambda/publishing.hpp"

namespace virga {

namespace {

// What must be equal for a publication to change nothing.
Value essence(Value config) {
    for (auto name : {"FunctionArn", "Version", "LastModified", "RevisionId", "State", "LastUpdateStatus", "Description", generation_member})
        config.as_object().erase(name);
    return config;
}

}  // namespace

Value publish(Context& ctx, Database& db, const FunctionRef& ref, const Value& config, std::optional<std::string> description) {
    auto& store = ref.store();
    auto versions = store.configurations(db, ref.name);
    if (auto& newest = versions.back(); versions.size() > 1 && essence(newest) == essence(config)) return newest;
    auto version = std::to_string(store.take_version_number(db, ref.name));
    Value published = config;
    published["Version"] = version;
    published["FunctionArn"] = ref.arn() + ":" + version;
    if (description) published["Description"] = *description;
    touch(ctx, published);
    store.put_configuration(db, ref.name, version, published);
    return published;
}

namespace lambda {

Value publish_version(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto tx = ref.partition->write();
    auto config = require_configuration(tx.db(), ref);
    if (input.has("RevisionId") && input.text("RevisionId") != config.text("RevisionId")) throw lambda_errors::stale_revision("GetFunction");
    if (input.has("CodeSha256") && input.text("CodeSha256") != config.text("CodeSha256"))
        throw lambda_errors::code_sha_differs(std::string(input.text("CodeSha256")), std::string(config.text("CodeSha256")));
    std::optional<std::string> description;
    if (input.has("Description")) description = input.text("Description");
    auto published = publish(ctx, tx.db(), ref, config, description);
    tx.commit();
    auto arn = std::string(published.text("FunctionArn"));
    return shown(std::move(published), arn);
}

Value list_versions_by_function(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    require_configuration(reading.db(), ref);
    Array shown_versions;
    for (auto& config : ref.store().configurations(reading.db(), ref.name)) {
        auto v = shown_in_list(config);
        if (v.text("Version") == latest) v["FunctionArn"] = ref.arn() + ":" + latest;
        shown_versions.push_back(std::move(v));
    }
    return paged("Versions", std::move(shown_versions), input, 50);
}

}  // namespace lambda
}  // namespace virga
