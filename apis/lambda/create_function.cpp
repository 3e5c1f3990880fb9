#include "apis/lambda/errors.hpp"
#include "apis/lambda/function_document.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/publishing.hpp"

namespace virga::lambda {

Task<Value> create_function(Context& ctx, const Value& input) {
    // 1. Validate.
    auto ref = function_ref(ctx, input);
    NewCode code = co_await read_code(ctx.world, ref.partition->id(), ctx.trace(), input["Code"]);
    check_configuration(input);
    if (!input.has("Runtime") || !input.has("Handler")) throw lambda_errors::runtime_and_handler_missing();

    // 2. Create.
    auto& store = ref.store();
    auto config = new_configuration(ctx, ref, input, code);
    auto tx = ref.partition->write();
    if (store.configuration(tx.db(), ref.name, latest)) throw lambda_errors::function_exists(ref.name);
    if (!code.zip.empty()) store.put_code(tx.db(), code.sha256, code.zip);
    store.create_function(tx.db(), ref.name, config);
    if (input.has("Tags")) store.put_setting(tx.db(), ref.name, "tags", "", input["Tags"]);
    if (input.flag("Publish")) config = publish(ctx, tx.db(), ref, config, {});
    tx.commit();

    // 3. Answer.
    co_return shown_pending(config, std::string(config.text("FunctionArn")));
}

}  // namespace virga::lambda
