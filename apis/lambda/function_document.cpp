#include "apis/lambda/function_document.hpp"

#include <filesystem>
#include <set>

#include "apis/lambda/errors.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/function/limits.hpp"
#include "emulator/function/zip_reader.hpp"

namespace virga {

namespace {

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const std::set<std::string_view> reserved_keys = {
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"};

// Settings that are kept and shown as they were given.
constexpr const char* plain_members[] = {"Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "DeadLetterConfig", "KMSKeyArn",
                                         "TracingConfig", "Architectures", "EphemeralStorage", "TenancyConfig", "CapacityProviderConfig", "DurableConfig"};

void check_zip(const std::string& zip) {
    if (zip.size() >= limits::zip_bytes) throw lambda_errors::zip_too_large();
    try {
        ZipReader reader(zip);
        if (reader.unpacked_size() >= limits::unzipped_bytes) throw lambda_errors::unzipped_too_large();
        if (reader.entries().empty()) throw lambda_errors::not_a_zip();
        for (auto& entry : reader.entries())
            if (!entry.directory) reader.read(entry);
    } catch (const ZipError&) {
        throw lambda_errors::not_a_zip();
    }
}

Task<std::string> read_object(World& world, PartitionId partition, TraceContext trace, Value code) {
    Value input = Object{{"Bucket", code["S3Bucket"]}, {"Key", code["S3Key"]}};
    if (code.has("S3ObjectVersion")) input["VersionId"] = code["S3ObjectVersion"];
    Reply reply = co_await world.calls->call(service_call("s3", "GetObject", partition, "lambda.amazonaws.com", std::move(input), trace));
    if (reply.error) throw lambda_errors::s3_failed(reply.error->code, reply.error->message);
    std::string zip;
    if (reply.body) zip = co_await read_all(*reply.body, limits::zip_bytes);
    co_return zip;
}

// Lambda keeps the log settings whole: JSON has levels, Text has none.
Value logging_config(const Value& given, const std::string& name) {
    Object config{{"LogFormat", given.text("LogFormat", "Text")}};
    if (given.text("LogFormat") == "JSON") {
        config["ApplicationLogLevel"] = given.text("ApplicationLogLevel", "INFO");
        config["SystemLogLevel"] = given.text("SystemLogLevel", "INFO");
    }
    config["LogGroup"] = given.text("LogGroup", "/aws/lambda/" + name);
    return config;
}

Value vpc_config(const Value& given) {
    if (given.list("SubnetIds").empty()) return {};
    return Object{{"SubnetIds", given["SubnetIds"]}, {"SecurityGroupIds", given["SecurityGroupIds"]}, {"VpcId", "vpc-00000000"}, {"Ipv6AllowedForDualStack", false}};
}

}  // namespace

Task<NewCode> read_code(World& world, PartitionId partition, TraceContext trace, Value code) {
    NewCode made;
    if (code.has("ImageUri")) throw lambda_errors::not_implemented("functions from container images");
    if (code.text("S3Bucket") == "hot-reload") {
        made.directory = code.text("S3Key");
        if (made.directory.empty() || made.directory[0] != '/' || !std::filesystem::is_directory(made.directory))
            throw lambda_errors::hot_reload_directory(made.directory);
        made.sha256 = base64_encode(sha256(made.directory));
        co_return made;
    }
    if (code.has("ZipFile")) made.zip = code["ZipFile"].as_bytes();
    else if (code.has("S3Bucket")) made.zip = co_await read_object(world, partition, trace, code);
    else throw lambda_errors::no_code();
    check_zip(made.zip);
    made.sha256 = base64_encode(sha256(made.zip));
    made.size = static_cast<std::int64_t>(made.zip.size());
    co_return made;
}

void check_configuration(const Value& input) {
    std::string reserved;
    Object variables;
    for (auto& [key, value] : input["Environment"].object("Variables")) {
        if (reserved_keys.contains(key)) reserved += (reserved.empty() ? "" : ", ") + key;
        variables.append(key, value);
    }
    if (auto text = json::write(variables); text.size() > limits::environment_bytes) throw lambda_errors::environment_too_large(text);
    if (!reserved.empty()) throw lambda_errors::reserved_environment_keys(reserved);
    for (auto& layer : input.list("Layers")) throw lambda_errors::no_such_layer(layer.as_string());
    if (!input.list("FileSystemConfigs").empty()) throw lambda_errors::not_implemented("FileSystemConfigs");
    if (input.text("PackageType") == "Image") throw lambda_errors::not_implemented("functions from container images");
}

void apply_configuration(Value& config, const Value& input) {
    for (auto name : plain_members)
        if (input.has(name)) config[name] = input[name];
    if (input.has("VpcConfig")) config["VpcConfig"] = vpc_config(input["VpcConfig"]);
    if (input.has("LoggingConfig")) config["LoggingConfig"] = logging_config(input["LoggingConfig"], std::string(config.text("FunctionName")));
    if (input.has("SnapStart")) config["SnapStart"] = Object{{"ApplyOn", input["SnapStart"].text("ApplyOn", "None")}, {"OptimizationStatus", "Off"}};
    if (input.has("Environment")) {
        if (input["Environment"].object("Variables").empty()) config.as_object().erase("Environment");
        else config["Environment"] = Object{{"Variables", input["Environment"]["Variables"]}};
    }
    if (config["DeadLetterConfig"].text("TargetArn").empty()) config.as_object().erase("DeadLetterConfig");
    auto runtime = std::string(config.text("Runtime"));
    config["RuntimeVersionConfig"] =
        Object{{"RuntimeVersionArn", "arn:aws:lambda:" + Arn::parse(config.text("FunctionArn")).value().region + "::runtime:" + hex_encode(sha256(runtime))}};
}

void apply_code(Value& config, const NewCode& code) {
    config["CodeSize"] = code.size;
    config["CodeSha256"] = code.sha256;
    config.as_object().erase(directory_member);
    if (!code.directory.empty()) config[directory_member] = code.directory;
}

void touch(Context& ctx, Value& config) {
    config["LastModified"] = modified_time(ctx.now());
    config["RevisionId"] = ctx.random.uuid();
    config[generation_member] = ctx.random.hex(16);
}

Value new_configuration(Context& ctx, const FunctionRef& ref, const Value& input, const NewCode& code) {
    Value config = Object{{"FunctionName", ref.name},
                          {"FunctionArn", ref.arn()},
                          {"Runtime", ""},
                          {"Role", ""},
                          {"Handler", ""},
                          {"CodeSize", 0},
                          {"Description", ""},
                          {"Timeout", 3},
                          {"MemorySize", 128},
                          {"LastModified", ""},
                          {"CodeSha256", ""},
                          {"Version", latest},
                          {"TracingConfig", Object{{"Mode", "PassThrough"}}},
                          {"RevisionId", ""},
                          {"State", "Active"},
                          {"LastUpdateStatus", "Successful"},
                          {"PackageType", "Zip"},
                          {"Architectures", Array{"x86_64"}},
                          {"EphemeralStorage", Object{{"Size", 512}}},
                          {"SnapStart", Object{{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}}},
                          {"LoggingConfig", logging_config({}, ref.name)}};
    apply_configuration(config, input);
    apply_code(config, code);
    touch(ctx, config);
    return config;
}

Value shown(Value config, const std::string& arn) {
    auto& members = config.as_object().members();
    std::erase_if(members, [](const Object::Member& m) { return m.name.starts_with("virga:"); });
    config["FunctionArn"] = arn;
    return config;
}

Value shown_pending(Value config, const std::string& arn) {
    config = shown(std::move(config), arn);
    config["State"] = "Pending";
    config["StateReason"] = "The function is being created.";
    config["StateReasonCode"] = "Creating";
    config.as_object().erase("LastUpdateStatus");
    return config;
}

Value shown_updating(Value config, const std::string& arn) {
    config = shown(std::move(config), arn);
    config["LastUpdateStatus"] = "InProgress";
    config["LastUpdateStatusReason"] = "The function is being created.";
    config["LastUpdateStatusReasonCode"] = "Creating";
    return config;
}

Value shown_in_list(Value config) {
    auto arn = std::string(config.text("FunctionArn"));
    config = shown(std::move(config), arn);
    for (auto name : {"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "RuntimeVersionConfig"}) config.as_object().erase(name);
    return config;
}

std::string modified_time(TimeMs now) {
    auto text = iso8601(now, true);
    text.pop_back();
    return text + "+0000";
}

}  // namespace virga
