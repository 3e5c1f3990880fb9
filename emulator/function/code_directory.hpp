// Where a function's code lies as files.
#pragma once
#include <mutex>
#include <string>

#include "emulator/function/function_version.hpp"
#include "emulator/world/world.hpp"

namespace virga {

// Unpacks each code archive once, into a directory named by its digest that all environments share. Thread-safe.
class CodeDirectories {
public:
    explicit CodeDirectories(World& world) : world_(world) {}

    // The directory of a version's code. `node_modules`: a directory of packages that code finds when it has none of its own ("" =
    // none). Throws std::runtime_error when the code is gone or cannot be unpacked.
    std::string find(const FunctionVersion& function, const std::string& node_modules);
    // Changes when local (hot reload) code changes; "" for unpacked code.
    std::string fingerprint(const FunctionVersion& function);

private:
    World& world_;
    std::mutex mutex_;
};

}  // namespace virga
