// How each runtime is started on this machine, and with which environment.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
#pragma once
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "emulator/function/function_version.hpp"
#include "emulator/function/process.hpp"

namespace virga {

struct LaunchPlace {
    std::string task, runtime, temporary;  // directories: code, bootstraps, private TMPDIR
    std::string runtime_api;               // "host:port"
    std::string endpoint;                  // where the emulator is reached
    std::string log_stream;
    std::string node_modules, python_path;
};

// A runtime that cannot run here; what() is the reason for a person.
struct NoRuntime : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The programs that run managed runtimes on this machine; each is looked for once. Thread-safe.
class Interpreters {
public:
    // The program's path; throws NoRuntime.
    std::string find(const std::string& runtime);

private:
    std::mutex mutex_;
    std::map<std::string, std::string> found_;
};

// Throws NoRuntime.
ProcessPlan launch_plan(const FunctionVersion& function, const LaunchPlace& place, Interpreters& interpreters);

// "nodejs:20" for INIT_START.
std::string runtime_title(const std::string& runtime);

// Writes the bootstraps into `directory`, which exists.
void write_bootstraps(const std::string& directory);

// The bootstraps' sources, embedded by bootstraps.cmake.
extern const char* const node_bootstrap;
extern const char* const python_bootstrap;

}  // namespace virga
