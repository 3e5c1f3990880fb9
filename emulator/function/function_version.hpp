// What it takes to run one version of a function.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga {

// An immutable view of a version's configuration document (members as in the API's FunctionConfiguration, plus those below that are the
// emulator's own), made once and shared.
struct FunctionVersion {
    // `config` is the document as the store keeps it.
    FunctionVersion(PartitionId partition, Value config);

    PartitionId partition;
    Value config;
    std::string name, version;  // "$LATEST" or a number
    std::string runtime, handler, role;
    std::string code_sha256;    // base64
    std::string directory;      // local code (hot reload); empty when the code is a zip
    std::string revision;
    std::string log_group, log_format;
    std::int64_t timeout_ms = 3000;
    int memory_mb = 128;
    std::vector<std::pair<std::string, std::string>> environment;

    std::string arn() const;  // unqualified
    // What environments of this version are kept under.
    std::string pool() const { return partition.account + "/" + partition.region + "/" + name + "/" + version; }
};

// Members of a configuration document that no answer shows.
inline constexpr const char* directory_member = "virga:directory";
inline constexpr const char* generation_member = "virga:generation";  // changes with all that environments depend on

}  // namespace virga
