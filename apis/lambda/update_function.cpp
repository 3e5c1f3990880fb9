#include "apis/lambda/errors.hpp"
#include "apis/lambda/function_document.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/publishing.hpp"
#include "emulator/function/function_host.hpp"

namespace virga::lambda {

namespace {

Value current(Database& db, const FunctionRef& ref, const Value& input) {
    auto config = require_configuration(db, ref);
    if (input.has("RevisionId") && input.text("RevisionId") != config.text("RevisionId")) throw lambda_errors::stale_revision("GetFunction");
    return config;
}

}  // namespace

Task<Value> update_function_code(Context& ctx, const Value& input) {
    // 1. Validate: the function first, so that bad code for no function says so.
    auto ref = function_ref(ctx, input);
    auto& store = ref.store();
    {
        auto reading = ref.partition->read();
        current(reading.db(), ref, input);
    }
    NewCode code = co_await read_code(ctx.world, ref.partition->id(), ctx.trace(), input);

    // 2. Change.
    auto tx = ref.partition->write();
    auto config = current(tx.db(), ref, input);
    apply_code(config, code);
    if (input.has("Architectures")) config["Architectures"] = input["Architectures"];
    if (input.flag("DryRun")) co_return shown(config, ref.arn());
    touch(ctx, config);
    if (!code.zip.empty()) store.put_code(tx.db(), code.sha256, code.zip);
    store.put_configuration(tx.db(), ref.name, latest, config);
    store.drop_unused_code(tx.db());
    if (input.flag("Publish")) config = publish(ctx, tx.db(), ref, config, {});
    tx.commit();

    // 3. Answer.
    co_return shown_updating(config, std::string(config.text("FunctionArn")));
}

Value update_function_configuration(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto& store = ref.store();
    check_configuration(input);
    auto tx = ref.partition->write();
    auto config = current(tx.db(), ref, input);
    apply_configuration(config, input);
    touch(ctx, config);
    store.put_configuration(tx.db(), ref.name, latest, config);
    tx.commit();
    return shown_updating(config, ref.arn());
}

Value delete_function(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto& store = ref.store();
    if (ref.qualifier == latest) throw lambda_errors::latest_is_not_deletable();
    {
        auto tx = ref.partition->write();
        require_configuration(tx.db(), ref);
        if (ref.qualifier.empty()) {
            store.remove_function(tx.db(), ref.name);
        } else {
            std::string aliases;
            for (auto& alias : store.aliases(tx.db(), ref.name))
                if (alias.text("FunctionVersion") == ref.qualifier || alias["RoutingConfig"]["AdditionalVersionWeights"].has(ref.qualifier))
                    aliases += (aliases.empty() ? "" : ", ") + ref.arn() + ":" + std::string(alias.text("Name"));
            if (!aliases.empty()) throw lambda_errors::version_in_use(ref.qualifier, "[" + aliases + "]");
            store.remove_version(tx.db(), ref.name, ref.qualifier);
        }
        tx.commit();
    }
    if (ref.qualifier.empty()) ctx.world.part<FunctionHost>().retire(ref.partition->id(), ref.name, false);
    return Object{};
}

}  // namespace virga::lambda
