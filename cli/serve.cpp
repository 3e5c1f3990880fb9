#include "cli/serve.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "apis/control/control.hpp"
#include "apis/dispatch/dispatcher.hpp"
#include "apis/http/server.hpp"
#include "apis/s3/access.hpp"
#include "apis/services.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/world/pace.hpp"
#include "emulator/world/world.hpp"

namespace virga::cli {

namespace {

constexpr std::int64_t drain_ms = 10'000;  // how long a stop waits for requests at work

// One line to stderr, whole (a single write).
void log_line(LogForm form, const Clock& clock, const char* level, const std::string& message, Object fields = {}) {
    if (form == LogForm::quiet) return;
    std::string line;
    if (form == LogForm::json) {
        Object o{{"time", iso8601(clock.wall(), true)}, {"level", level}, {"message", message}};
        for (auto& f : fields) o.append(f.name, f.value);
        line = json::write(o);
    } else {
        line = iso8601(clock.wall(), true) + " " + level + " " + message;
    }
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string request_line(const RequestLog& r) {
    return fmt::format("{}.{} {} {}{} {}us", r.service.empty() ? "?" : r.service, r.operation, r.status, r.error, r.error.empty() ? "" : " ", r.real_us);
}

Object request_fields(const RequestLog& r) {
    return Object{{"service", r.service}, {"operation", r.operation}, {"account", r.account}, {"region", r.region},
                  {"requestId", r.request_id}, {"status", r.status}, {"error", r.error}, {"microseconds", r.real_us}};
}

// Connections, bodies and databases are files: as many as the system allows.
void raise_file_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

void print_banner(const std::string& endpoint, const ServeOptions& options) {
    std::printf("virga %s on %s, %s\n", VIRGA_VERSION, endpoint.c_str(), options.data.empty() ? "in memory" : ("data in " + options.data).c_str());
    std::printf("Point a client at it:  export AWS_ENDPOINT_URL=%s AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1\n", endpoint.c_str());
    std::printf("Ready.\n");
    std::fflush(stdout);
}

int run(const ServeOptions& options, const sigset_t& signals) {
    Runtime runtime(options.threads ? options.threads : std::max(1u, std::thread::hardware_concurrency()));
    WorldOptions world_options;
    world_options.data = options.data;
    world_options.durability = options.durability;
    world_options.seed = options.seed;
    world_options.freeze_at = options.freeze_at;
    world_options.strict_events = options.events_access == "strict";
    World world(runtime, world_options);
    world.part<Pace>().realistic = options.realistic;
    for (const Fault& fault : options.faults) world.faults.add(fault);
    Dispatcher dispatcher(world);
    dispatcher.verify_signatures = options.verify_signatures;
    world.part<s3::AccessSettings>().mode = s3::access_mode(options.s3_access);
    world.part<s3::AccessSettings>().own_region = options.s3_own_region;
    if (options.log_requests)
        dispatcher.log = [&](const RequestLog& r) { log_line(options.log, world.clock, "INFO", request_line(r), request_fields(r)); };

    HttpOptions http;
    http.tls_certificate = options.tls_certificate;
    http.tls_key = options.tls_key;
    HttpServer server(runtime, [&](std::shared_ptr<HttpRequest> request, Respond respond) { dispatcher.handle(std::move(request), std::move(respond)); }, http);
    register_control(dispatcher, world, VIRGA_VERSION);
    register_services(dispatcher, world);

    unsigned short port = server.listen(options.host, options.port);
    bool any_address = options.host == "0.0.0.0" || options.host == "::";
    world.options.endpoint = fmt::format("http://{}:{}", any_address ? "127.0.0.1" : options.host, port);
    world.open_existing();
    server.start();
    print_banner(world.options.endpoint, options);

    int received = 0;
    sigwait(&signals, &received);
    log_line(options.log, world.clock, "INFO", received == SIGTERM ? "SIGTERM: finishing what is at work" : "interrupted: finishing what is at work");
    server.close();
    if (!server.drained(drain_ms)) log_line(options.log, world.clock, "WARN", "some requests did not end in time and are cut off");
    world.close();
    server.abort();
    server.drained(1000);
    runtime.flush();
    runtime.stop();
    runtime.join();
    return 0;
}

}  // namespace

int serve(const ServeOptions& options) {
    // Two arenas are enough for a thread per core, and keep idle memory small.
    mallopt(M_ARENA_MAX, 2);
    // Pieces of bodies come and go: their memory stays between two, instead of being given back and zeroed anew by the kernel.
    mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024);
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    raise_file_limit();
    signal(SIGPIPE, SIG_IGN);
    sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // inherited by all threads: only sigwait below takes them
    try {
        return run(options, signals);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "virga: %s\n", e.what());
        return 1;
    }
}

}  // namespace virga::cli
