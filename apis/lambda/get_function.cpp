#include "apis/lambda/code_download.hpp"
#include "apis/lambda/errors.hpp"
#include "apis/lambda/function_document.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/paging.hpp"
#include "emulator/function/limits.hpp"

namespace virga::lambda {

Value get_function(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto& store = ref.store();
    auto reading = ref.partition->read();
    auto config = require_configuration(reading.db(), ref);
    Value answer = Object{{"Configuration", shown(config, ref.qualified_arn())},
                          {"Code", Object{{"RepositoryType", "S3"}, {"Location", code_location(ctx.call.endpoint, ref, std::string(config.text("CodeSha256")))}}}};
    if (auto tags = store.setting(reading.db(), ref.name, "tags", ""); tags && !tags->as_object().empty()) answer["Tags"] = *tags;
    if (auto concurrency = store.setting(reading.db(), ref.name, "concurrency", "")) answer["Concurrency"] = *concurrency;
    return answer;
}

Value get_function_configuration(Context& ctx, const Value& input) {
    auto ref = function_ref(ctx, input);
    auto reading = ref.partition->read();
    return shown(require_configuration(reading.db(), ref), ref.qualified_arn());
}

Value list_functions(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<FunctionStore>();
    auto reading = ctx.partition->read();
    Array functions;
    for (auto& config : store.latest_configurations(reading.db())) {
        auto name = std::string(config.text("FunctionName"));
        if (input.text("FunctionVersion") == "ALL") {
            for (auto& version : store.configurations(reading.db(), name)) functions.push_back(shown_in_list(version));
        } else {
            functions.push_back(shown_in_list(config));
        }
    }
    return paged("Functions", std::move(functions), input, 50);
}

Value get_account_settings(Context& ctx, const Value&) {
    auto& store = ctx.partition->part<FunctionStore>();
    auto reading = ctx.partition->read();
    std::int64_t size = 0, count = 0;
    for (auto& config : store.latest_configurations(reading.db())) {
        ++count;
        for (auto& version : store.configurations(reading.db(), std::string(config.text("FunctionName")))) size += version.integer("CodeSize");
    }
    return Object{{"AccountLimit", Object{{"TotalCodeSize", 80530636800},
                                          {"CodeSizeUnzipped", static_cast<std::int64_t>(limits::unzipped_bytes)},
                                          {"CodeSizeZipped", static_cast<std::int64_t>(limits::zip_bytes)},
                                          {"ConcurrentExecutions", limits::concurrent_executions},
                                          {"UnreservedConcurrentExecutions", limits::concurrent_executions - store.reserved_total(reading.db(), "")}}},
                  {"AccountUsage", Object{{"TotalCodeSize", size}, {"FunctionCount", count}}}};
}

}  // namespace virga::lambda
