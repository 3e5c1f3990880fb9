#include "emulator/function/runtimes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>

namespace virga {

namespace {

bool executable(const std::string& path) {
    struct stat s;
    return ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string find_on_path(const std::string& program) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        auto end = rest.find(':');
        std::string candidate = std::string(rest.substr(0, end)) + "/" + program;
        if (candidate[0] == '/' && executable(candidate)) return candidate;
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return {};
}

// Version managers put shell scripts on the PATH that find the real program anew at each start: ask them once.
std::string see_through_script(const std::string& program, const std::vector<std::string>& question) {
    char magic[2] = {};
    std::ifstream(program).read(magic, 2);
    if (magic[0] != '#' || magic[1] != '!') return program;
    std::vector<std::string> argv{program};
    argv.insert(argv.end(), question.begin(), question.end());
    auto real = output_of(argv);
    return executable(real) ? real : program;
}

std::string digits_after(const std::string& text, const std::string& prefix) {
    auto digits = text.substr(prefix.size());
    return digits.substr(0, digits.find_first_not_of("0123456789."));
}


std::string find_node(const std::string& runtime) {
    if (const char* configured = std::getenv("VIRGA_NODE")) return configured;
    auto major = digits_after(runtime, "nodejs");
    auto path = find_on_path("node" + major.substr(0, major.find('.')));
    if (path.empty()) path = find_on_path("node");
    if (path.empty()) throw NoRuntime("no program node was found on PATH for runtime " + runtime + " (VIRGA_NODE names one)");
    return see_through_script(path, {"-p", "process.execPath"});
}

std::string find_python(const std::string& runtime) {
    if (const char* configured = std::getenv("VIRGA_PYTHON")) return configured;
    auto path = find_on_path(runtime);  // "python3.12"
    std::string real = path.empty() ? "" : see_through_script(path, {"-c", "import sys; print(sys.executable)"});
    // A version manager's script may stand there for a version that is not installed.
    if (real.empty() || (real == path && !output_of({real, "--version"}).starts_with("Python 3"))) {
        path = find_on_path("python3");
        if (path.empty()) throw NoRuntime("no program python3 was found on PATH for runtime " + runtime + " (VIRGA_PYTHON names one)");
        real = see_through_script(path, {"-c", "import sys; print(sys.executable)"});
    }
    return real;
}

using Variables = std::map<std::string, std::string>;

std::string joined(std::initializer_list<std::string> parts) {
    std::string out;
    for (auto& part : parts)
        if (!part.empty()) out += (out.empty() ? "" : ":") + part;
    return out;
}

Variables base_variables(const FunctionVersion& f, const LaunchPlace& place) {
    auto& p = f.partition;
    Variables v{
        {"_HANDLER", f.handler},
        {"AWS_REGION", p.region},
        {"AWS_DEFAULT_REGION", p.region},
        {"TZ", ":UTC"},
        {"LANG", "en_US.UTF-8"},
        {"AWS_LAMBDA_FUNCTION_NAME", f.name},
        {"AWS_LAMBDA_FUNCTION_VERSION", f.version},
        {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(f.memory_mb)},
        {"AWS_LAMBDA_LOG_GROUP_NAME", f.log_group},
        {"AWS_LAMBDA_LOG_STREAM_NAME", place.log_stream},
        {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
        // A 12-digit access key names its account, so calls of the function land where the function lives.
        {"AWS_ACCESS_KEY_ID", p.account},
        {"AWS_SECRET_ACCESS_KEY", "virga"},
        {"AWS_SESSION_TOKEN", "virga"},
        {"AWS_LAMBDA_RUNTIME_API", place.runtime_api},
        {"AWS_ENDPOINT_URL", place.endpoint},
        {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
        {"AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"},
        {"_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1"},
        {"_AWS_XRAY_DAEMON_PORT", "2000"},
        {"LAMBDA_TASK_ROOT", place.task},
        {"LAMBDA_RUNTIME_DIR", place.runtime},
        {"TMPDIR", place.temporary},
        {"HOME", place.temporary},
        {"PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"},
        {"LD_LIBRARY_PATH", joined({place.task, place.task + "/lib"})},
        {"NODE_PATH", joined({place.node_modules, place.task + "/node_modules", place.task})},
        {"PYTHONPATH", joined({place.python_path})},
    };
    if (!f.runtime.starts_with("provided")) v["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + f.runtime;
    if (f.log_format == "JSON") {
        v["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        v["AWS_LAMBDA_LOG_LEVEL"] = f.config["LoggingConfig"].text("ApplicationLogLevel", "INFO");
    }
    return v;
}

std::vector<std::string> command_for(const FunctionVersion& f, const LaunchPlace& place, Interpreters& interpreters) {
    if (f.runtime.starts_with("nodejs"))
        return {interpreters.find(f.runtime), "--expose-gc", "--max-http-header-size=81920", "--max-old-space-size=" + std::to_string(std::max(64, f.memory_mb * 9 / 10)),
                place.runtime + "/bootstrap.mjs"};
    if (f.runtime.starts_with("python")) return {interpreters.find(f.runtime), "-u", "-X", "utf8", place.runtime + "/bootstrap.py"};
    if (f.runtime.starts_with("provided") || f.runtime == "go1.x") {
        auto bootstrap = place.task + "/bootstrap";
        if (!executable(bootstrap)) throw NoRuntime("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        return {bootstrap};
    }
    throw NoRuntime("virga does not run the runtime " + f.runtime + " yet");
}

}  // namespace

std::string Interpreters::find(const std::string& runtime) {
    std::lock_guard lock(mutex_);
    auto& path = found_[runtime];
    if (path.empty()) path = runtime.starts_with("nodejs") ? find_node(runtime) : find_python(runtime);
    return path;
}

ProcessPlan launch_plan(const FunctionVersion& f, const LaunchPlace& place, Interpreters& interpreters) {
    ProcessPlan plan;
    plan.argv = command_for(f, place, interpreters);
    plan.directory = place.task;
    auto variables = base_variables(f, place);
    auto& program = plan.argv[0];
    if (auto bin = program.substr(0, program.rfind('/')); bin != place.task) variables["PATH"] = bin + ":" + variables["PATH"];
    for (auto& [name, value] : f.environment) variables[name] = value;
    // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html: the wrapper gets the whole command as its arguments.
    if (auto wrapper = variables.find("AWS_LAMBDA_EXEC_WRAPPER"); wrapper != variables.end() && !f.runtime.starts_with("provided")) {
        auto script = wrapper->second.starts_with("/var/task/") ? place.task + wrapper->second.substr(9) : wrapper->second;
        plan.argv.insert(plan.argv.begin(), script);
    }
    for (auto& [name, value] : variables)
        if (!value.empty()) plan.environment.push_back(name + "=" + value);
    return plan;
}

std::string runtime_title(const std::string& runtime) {
    for (const char* family : {"nodejs", "python"})
        if (runtime.starts_with(family)) return std::string(family) + ":" + digits_after(runtime, family);
    return runtime;
}

void write_bootstraps(const std::string& directory) {
    for (auto [name, text] : {std::pair{"/bootstrap.mjs", node_bootstrap}, std::pair{"/bootstrap.py", python_bootstrap}}) {
        auto path = directory + name;
        if (executable(path) || ::access(path.c_str(), R_OK) == 0) continue;
        auto temporary = path + "." + std::to_string(::getpid());
        std::ofstream(temporary) << text;
        ::rename(temporary.c_str(), path.c_str());
    }
}

}  // namespace virga
