#include "apis/control/control.hpp"

#include <fmt/format.h>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga {

namespace {

HttpResponse json_response(int status, const Value& document) { return HttpResponse::json(status, json::write(document) + "\n"); }

HttpResponse error_response(int status, const std::string& message) { return json_response(status, Object{{"error", message}}); }

struct Control {
    Dispatcher& dispatcher;
    World& world;
    std::string version;

    Value health() const {
        return Object{{"status", "ok"}, {"version", version}, {"now", iso8601(world.clock.now(), true)}, {"idle", world.activities.idle()}};
    }

    // The shape that clients of LocalStack wait for: every service by name with a state.
    Value localstack_health() const {
        Object services;
        for (const ServiceApi* s : dispatcher.services())
            services[s->model().id() == "streams.dynamodb" ? "dynamodbstreams" : s->model().id()] = "running";
        return Object{{"services", std::move(services)}, {"edition", "virga"}, {"version", version}};
    }

    // Init hooks are not run; so every stage is complete and the list of scripts is empty.
    static Value localstack_init() {
        return Object{{"completed", Object{{"BOOT", true}, {"START", true}, {"READY", true}, {"SHUTDOWN", false}}}, {"scripts", Array{}}};
    }

    Value reset(const Value& body) {
        std::string account(body.text("account"));
        if (!account.empty() && (account.size() != 12 || account.find_first_not_of("0123456789") != std::string::npos))
            throw ControlError(400, "account: 12 digits are expected, or no account for all");
        world.reset(account);
        return Object{{"reset", account.empty() ? Value("all") : Value(account)}};
    }

    Value jobs() const {
        Array list;
        for (const auto& p : world.partitions())
            for (const Job& j : p->jobs().waiting(100))
                list.push_back(Object{{"account", p->account()}, {"region", p->region()}, {"kind", j.kind}, {"resource", j.resource}, {"due", iso8601(j.due, true)}, {"attempt", j.attempt}});
        return Object{{"waiting", std::move(list)}};
    }
};

Task<HttpResponse> respond(std::shared_ptr<Control> control, std::shared_ptr<HttpRequest> http) {
    World& world = control->world;
    std::string text = co_await read_all(*http->body, 1024 * 1024);
    ControlRequest request{*http, {}, parse_query(http->query()), {}};
    if (!text.empty() && !json::try_parse(text, request.body)) throw ControlError(400, "the request body is no JSON");
    std::string path = percent_decode(http->path());
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    bool get = http->method == "GET" || http->method == "HEAD";
    bool post = http->method == "POST";

    if (path == "/_virga/health" && get) co_return json_response(200, control->health());
    if ((path == "/_localstack/health" || path == "/health") && get) co_return json_response(200, control->localstack_health());
    if (path == "/_localstack/init" && get) co_return json_response(200, Control::localstack_init());
    if (path == "/_localstack/info" && get)
        co_return json_response(200, Object{{"version", control->version}, {"edition", "virga"}, {"is_license_activated", false}});
    if (path == "/_virga/clock" && get) co_return json_response(200, clock_read(world));
    if (path == "/_virga/clock" && post) {
        Value now = co_await clock_change(world, request.body);
        co_return json_response(now.has("error") ? 409 : 200, now);
    }
    if (path == "/_virga/idle" && (get || post)) {
        HttpResponse answer = co_await idle_wait(world, request.body);
        co_return answer;
    }
    if (path == "/_virga/jobs" && get) co_return json_response(200, control->jobs());
    if ((path == "/_virga/reset" || path == "/_localstack/state/reset") && post) co_return json_response(200, control->reset(request.body));
    if (path == "/_virga/operations" && get) co_return json_response(200, operations_document(control->dispatcher));
    if ((path == "/_virga/trace" || path.starts_with("/_virga/trace/")) && get) {
        request.rest = path.size() > 14 ? path.substr(14) : std::string();
        co_return json_response(200, trace_query(world, request));
    }
    if (path == "/_virga/faults" && get) co_return json_response(200, faults_list(world));
    if (path == "/_virga/faults" && post) co_return json_response(201, faults_add(world, request.body));
    if (path == "/_virga/faults" && http->method == "DELETE") co_return json_response(200, faults_remove(world, {}));
    if (path.starts_with("/_virga/faults/") && http->method == "DELETE") co_return json_response(200, faults_remove(world, path.substr(15)));
    if (path == "/_virga/bus/explain" && post) co_return json_response(200, bus_explain(world, request.body));
    if (path == "/_virga/bus/deliveries" && get) co_return json_response(200, bus_deliveries(world, request));
    if (path == "/_virga/bus/health-checks" && (get || post)) co_return json_response(200, bus_health_checks(world, request.body));
    if (path == "/_virga/bus/settings" && post) co_return json_response(200, bus_settings(world, request.body));
    if (path == "/_virga/table/settings" && post) co_return json_response(200, table_settings(world, request.body));
    co_return error_response(404, http->method + " " + path + " is no part of the control API; see docs/control-api.json");
}

}  // namespace

std::shared_ptr<Partition> partition_of(World& world, std::string_view account, std::string_view region) {
    std::string a(account.empty() ? "000000000000" : account), r(region.empty() ? "us-east-1" : region);
    if (a.size() != 12 || a.find_first_not_of("0123456789") != std::string::npos) throw ControlError(400, "account: 12 digits are expected");
    return world.partition({a, r});
}

std::string_view ControlRequest::parameter(std::string_view name) const {
    for (const auto& [n, v] : query)
        if (n == name) return v;
    return {};
}

TimeMs parse_duration(std::string_view text) {
    auto bad = [&] { return ControlError(400, fmt::format("\"{}\" is no duration; examples: 90, 1.5, 250ms, 10s, 5m, 1h30m, 2d", text)); };
    double total = 0;
    std::string_view rest = text;
    if (rest.empty()) throw bad();
    while (!rest.empty()) {
        std::string number(rest.substr(0, rest.find_first_not_of("0123456789.")));
        if (number.empty() || number.find('.') != number.rfind('.') || number == ".") throw bad();
        rest.remove_prefix(number.size());
        std::string_view unit = rest.substr(0, rest.find_first_of("0123456789."));
        rest.remove_prefix(unit.size());
        double ms = unit == "ms" ? 1 : unit.empty() || unit == "s" ? 1000 : unit == "m" ? 60e3 : unit == "h" ? 3600e3 : unit == "d" ? 86400e3 : -1;
        if (ms < 0) throw bad();
        total += std::stod(number) * ms;
    }
    if (total > 1e15) throw bad();
    return static_cast<TimeMs>(total + 0.5);
}

void register_control(Dispatcher& dispatcher, World& world, std::string version) {
    auto control = std::make_shared<Control>(Control{dispatcher, world, std::move(version)});
    auto matches = [](const HttpRequest& r) {
        std::string_view path = r.path();
        return path.starts_with("/_virga/") || path.starts_with("/_localstack/") || path == "/health";
    };
    auto handle = [control](std::shared_ptr<HttpRequest> request, Respond answer) {
        start_with_result(respond(control, std::move(request)), [answer = std::move(answer)](std::exception_ptr error, std::optional<HttpResponse> response) {
            if (!error) return answer(std::move(*response));
            try {
                std::rethrow_exception(error);
            } catch (const ControlError& e) {
                answer(error_response(e.status, e.what()));
            } catch (const ApiError& e) {
                answer(error_response(e.status, e.message));
            } catch (const std::exception& e) {
                answer(error_response(500, e.what()));
            }
        });
    };
    dispatcher.add_route({"control", matches, handle});
}

}  // namespace virga
