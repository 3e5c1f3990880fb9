#include <CLI/CLI.hpp>

#include <cstdlib>

#include "cli/client.hpp"
#include "cli/commands.hpp"
#include "cli/environment.hpp"
#include "cli/serve.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace {

using namespace virga;
using namespace virga::cli;

std::optional<std::int64_t> freeze_instant(const std::string& text) {
    if (text == "now") return std::nullopt;
    if (auto t = parse_iso8601(text)) return *t;
    throw CLI::ValidationError("--freeze-clock", "an ISO 8601 instant is expected, like 2026-01-01T00:00:00Z");
}

void add_serve(CLI::App& app, ServeOptions& o, std::string& freeze, std::uint64_t& seed) {
    CLI::App* serve = app.add_subcommand("serve", "Start the emulator and serve until SIGTERM");
    serve->preparse_callback([&o](std::size_t) { apply_environment(o); });
    serve->add_option("--host", o.host, "Address to listen on")->capture_default_str();
    serve->add_option("--port", o.port, "Port to listen on; 0 picks a free one and prints it")->capture_default_str();
    serve->add_option("--data", o.data, "Directory to keep everything in; without it all is in memory and gone at the end");
    serve->add_option("--durability", o.durability, "What an acknowledgement promises with --data: \"process\" survives kill -9, \"power\" a power cut")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Durability>{{"process", Durability::process}, {"power", Durability::power}}))
        ->default_str("process");
    serve->add_option("--seed", seed, "Draw all ids and jitter from this number: equal runs give equal ids");
    serve->add_flag("--realistic", o.realistic, "Let tables, indexes, backups, streams and the like take the time they take on AWS (by the virtual clock)");
    serve->add_option("--freeze-clock", freeze, "Start with the clock frozen at this instant (ISO 8601)");
    serve->add_option("--log", o.log, "Form of the log on stderr: human, json or quiet")
        ->transform(CLI::CheckedTransformer(std::map<std::string, LogForm>{{"human", LogForm::human}, {"json", LogForm::json}, {"quiet", LogForm::quiet}}))
        ->default_str("human");
    serve->add_flag("--log-requests", o.log_requests, "Log every API request");
    serve->add_option("--threads", o.threads, "Threads; 0 = as many as cores")->capture_default_str();
    serve->add_flag("--verify-signatures", o.verify_signatures, "Refuse requests whose AWS signature is wrong; keys that IAM did not make have the secret \"test\"");
    serve->add_option("--s3-access", o.s3_access,
                      "Who may use S3 buckets: off (everybody), anonymous (without credentials only what is public), strict (policies and ACLs between accounts)")
        ->check(CLI::IsMember({"off", "anonymous", "strict"}))
        ->capture_default_str();
    serve->add_option("--events-access", o.events_access,
                      "What rules of event buses and SNS topics may reach: off (every queue, topic and function), strict (those whose policies allow it)")
        ->check(CLI::IsMember({"off", "strict"}))
        ->capture_default_str();
    serve->add_flag("--s3-own-region", o.s3_own_region, "Let S3 buckets answer in their own region only, and tell requests to another where they are");
    CLI::Option* certificate = serve->add_option("--tls-certificate", o.tls_certificate, "PEM file; TLS is then spoken on the same port");
    CLI::Option* key = serve->add_option("--tls-key", o.tls_key, "PEM file of the certificate's key");
    certificate->needs(key);
    key->needs(certificate);
}

struct ClientOptions {
    std::string endpoint = environment("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    std::string timeout = "30s";
    std::string by, to, at, account, name, region = environment("AWS_REGION", "us-east-1");
    ExplainOptions explain;
};

CLI::App* client_command(CLI::App& app, ClientOptions& o, const char* name, const char* what) {
    CLI::App* c = app.add_subcommand(name, what);
    c->add_option("--endpoint", o.endpoint, "Where virga is; default $AWS_ENDPOINT_URL")->capture_default_str();
    return c;
}

void add_clock(CLI::App& app, ClientOptions& o) {
    CLI::App* clock = client_command(app, o, "clock", "Read or move the virtual clock");
    CLI::App* advance = clock->add_subcommand("advance", "Move it on: everything that falls due on the way happens, in order");
    advance->add_option("by", o.by, "A duration: 90, 250ms, 10s, 5m, 1h30m, 2d");
    advance->add_option("--to", o.to, "An instant (ISO 8601) instead");
    advance->add_option("--timeout", o.timeout, "How long to wait for the system to settle")->capture_default_str();
    CLI::App* freeze = clock->add_subcommand("freeze", "Stop it");
    freeze->add_option("--at", o.at, "At this instant (ISO 8601), not before now");
    clock->add_subcommand("resume", "Let it run again");
    clock->require_subcommand(0, 1);
    clock->fallthrough();
}

std::string clock_request(CLI::App& app, const ClientOptions& o) {
    CLI::App* clock = app.get_subcommand("clock");
    Object body;
    if (clock->got_subcommand("advance")) {
        body = Object{{"action", "advance"}, {"timeout", o.timeout}};
        if (!o.by.empty()) body["by"] = o.by;
        if (!o.to.empty()) body["to"] = o.to;
    } else if (clock->got_subcommand("freeze")) {
        body = Object{{"action", "freeze"}};
        if (!o.at.empty()) body["at"] = o.at;
    } else if (clock->got_subcommand("resume")) {
        body = Object{{"action", "resume"}};
    } else {
        return {};
    }
    return json::write(body);
}

void add_explain(CLI::App& app, ClientOptions& o) {
    CLI::App* explain = client_command(app, o, "explain", "Say why the rules of an event bus match an event, or do not");
    o.explain.account = environment("AWS_ACCESS_KEY_ID", "");
    o.explain.region = o.region;
    explain->add_option("event", o.explain.event, "A file with the event as JSON; - for standard input")->capture_default_str();
    explain->add_option("--bus", o.explain.bus, "The event bus")->capture_default_str();
    explain->add_option("--rule", o.explain.rule, "Only this rule");
    explain->add_option("--account", o.explain.account, "12 digits; default $AWS_ACCESS_KEY_ID");
    explain->add_option("--region", o.explain.region)->capture_default_str();
}

int run_client(CLI::App& app, const ClientOptions& o) {
    try {
        if (app.got_subcommand("status")) return status(o.endpoint);
        if (app.got_subcommand("wait")) return wait(o.endpoint, o.timeout);
        if (app.got_subcommand("clock")) return clock(o.endpoint, clock_request(app, o));
        if (app.got_subcommand("reset")) return reset(o.endpoint, o.account);
        if (app.got_subcommand("env")) return env(o.endpoint);
        if (app.got_subcommand("logs")) return logs(o.endpoint, o.name, o.account.empty() ? environment("AWS_ACCESS_KEY_ID", "test") : o.account, o.region);
        if (app.got_subcommand("explain")) return explain(o.endpoint, o.explain);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "virga: %s\n", e.what());
    }
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"virga: a serverless cloud in one process, behind AWS-compatible APIs"};
    app.require_subcommand(1);
    ServeOptions serve_options;
    std::string freeze;
    std::uint64_t seed = 0;
    add_serve(app, serve_options, freeze, seed);
    ClientOptions o;
    client_command(app, o, "status", "Show what runs, its clock, and what it implements");
    client_command(app, o, "wait", "Wait until nothing is in flight")->add_option("--timeout", o.timeout, "At most this long")->capture_default_str();
    add_clock(app, o);
    client_command(app, o, "reset", "Drop all state, or that of one account")->add_option("--account", o.account, "12 digits");
    client_command(app, o, "env", "Print the variables that point a client here: eval $(virga env)");
    CLI::App* logs = client_command(app, o, "logs", "Print the log events of a function");
    logs->add_option("name", o.name, "A function's name, or a log group's")->required();
    logs->add_option("--account", o.account, "12 digits; default $AWS_ACCESS_KEY_ID");
    logs->add_option("--region", o.region)->capture_default_str();
    add_explain(app, o);
    app.add_subcommand("version", "Print the version");
    try {
        app.parse(argc, argv);
        if (!freeze.empty()) serve_options.freeze_at = freeze_instant(freeze);
        if (app.get_subcommand("serve")->count("--seed")) serve_options.seed = seed;
    } catch (const CLI::ParseError& e) {
        return app.exit(e) ? 1 : 0;
    } catch (const std::invalid_argument& e) {
        std::fprintf(stderr, "virga: %s\n", e.what());
        return 1;
    }
    if (app.got_subcommand("version")) {
        std::printf("virga %s\n", VIRGA_VERSION);
        return 0;
    }
    return app.got_subcommand("serve") ? serve(serve_options) : run_client(app, o);
}
