#include "emulator/function/function_version.hpp"

namespace virga {

FunctionVersion::FunctionVersion(PartitionId partition_, Value config_) : partition(std::move(partition_)), config(std::move(config_)) {
    name = config.text("FunctionName");
    version = config.text("Version");
    runtime = config.text("Runtime");
    handler = config.text("Handler");
    role = config.text("Role");
    code_sha256 = config.text("CodeSha256");
    directory = config.text(directory_member);
    revision = config.text("RevisionId");
    timeout_ms = config.integer("Timeout", 3) * 1000;
    memory_mb = static_cast<int>(config.integer("MemorySize", 128));
    log_group = config["LoggingConfig"].text("LogGroup", "/aws/lambda/" + name);
    log_format = config["LoggingConfig"].text("LogFormat", "Text");
    for (auto& [key, value] : config["Environment"].object("Variables"))
        if (value.is_string()) environment.emplace_back(key, value.as_string());
}

std::string FunctionVersion::arn() const {
    return "arn:aws:lambda:" + partition.region + ":" + partition.account + ":function:" + name;
}

}  // namespace virga
