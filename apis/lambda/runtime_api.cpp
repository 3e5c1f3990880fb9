#include "apis/lambda/runtime_api.hpp"

#include "apis/http/server.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/function/limits.hpp"

namespace virga {

namespace {

constexpr std::string_view api_root = "/2018-06-01/runtime/";
// A function may work for 15 minutes between two requests, and a warm one waits much longer.
constexpr std::int64_t idle_ms = std::int64_t{7} * 24 * 3600 * 1000;

class Endpoint : public RuntimeEndpoint {
public:
    Endpoint(Runtime& runtime, HttpHandler handler, HttpOptions options) : server_(runtime, std::move(handler), options) {
        port_ = server_.listen("127.0.0.1", 0);
        server_.start();
    }
    std::string address() const override { return "127.0.0.1:" + std::to_string(port_); }
    void close() override {
        server_.close();
        server_.abort();
    }

private:
    HttpServer server_;
    unsigned short port_ = 0;
};

void answer_next(Environment& environment, Respond respond) {
    environment.next([respond](std::optional<Delivery> delivery) {
        if (!delivery) return respond(HttpResponse::json(410, R"({"errorMessage":"Sandbox is shutting down","errorType":"Runtime.Shutdown"})"));
        auto response = HttpResponse::json(200, std::move(delivery->payload));
        auto add = [&](const char* name, std::string value) {
            if (!value.empty()) response.headers.add(name, std::move(value));
        };
        add("Lambda-Runtime-Aws-Request-Id", delivery->request_id);
        add("Lambda-Runtime-Deadline-Ms", std::to_string(delivery->deadline));
        add("Lambda-Runtime-Invoked-Function-Arn", delivery->function_arn);
        add("Lambda-Runtime-Trace-Id", delivery->trace);
        add("Lambda-Runtime-Client-Context", delivery->client_context);
        respond(std::move(response));
    });
}

// "invocation/<id>/<what>": the id and what follows it.
bool split_invocation(std::string_view path, std::string& id, std::string_view& what) {
    if (!path.starts_with("invocation/")) return false;
    path.remove_prefix(11);
    auto slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    id = path.substr(0, slash);
    what = path.substr(slash + 1);
    return true;
}

Task<> answer_post(std::shared_ptr<Environment> environment, std::shared_ptr<HttpRequest> request, Respond respond) {
    auto path = request->path().substr(api_root.size());
    std::string body;
    bool complete = true;
    try {
        body = co_await read_all(*request->body, limits::streamed_response_bytes + 1);
    } catch (const std::exception&) {
        complete = false;
    }
    if (!complete) co_return respond(HttpResponse::json(400, R"({"errorMessage":"The body could not be read","errorType":"InvalidRequest"})"));
    std::string id;
    std::string_view what;
    RuntimeAnswer answer{404, R"({"errorMessage":"No such path","errorType":"NotFound"})"};
    auto type = std::string(request->headers.get("lambda-runtime-function-error-type"));
    if (path == "init/error") {
        answer = environment->init_error(std::move(body), std::move(type));
    } else if (split_invocation(path, id, what)) {
        bool streamed = iequals(request->headers.get("lambda-runtime-function-response-mode"), "streaming");
        if (what == "response") answer = environment->response(id, std::move(body), std::string(request->headers.get("content-type")), streamed);
        if (what == "error") answer = environment->error(id, std::move(body), std::move(type));
    }
    respond(HttpResponse::json(answer.status, std::move(answer.body)));
}

void handle(std::shared_ptr<Environment> environment, std::shared_ptr<HttpRequest> request, Respond respond) {
    auto path = request->path();
    if (path.starts_with(api_root)) {
        if (request->method == "GET" && path.substr(api_root.size()) == "invocation/next") return answer_next(*environment, std::move(respond));
        if (request->method == "POST") {
            start(answer_post(std::move(environment), std::move(request), std::move(respond)), [](std::exception_ptr) {});
            return;
        }
    }
    respond(HttpResponse::json(404, R"({"errorMessage":"No such path","errorType":"NotFound"})"));
}

}  // namespace

std::shared_ptr<RuntimeEndpoint> serve_runtime_api(Runtime& runtime, std::shared_ptr<Environment> environment) {
    HttpOptions options;
    options.idle_ms = idle_ms;
    options.header_limit = 1024 * 1024;  // X-Ray error causes travel in a header
    auto handler = [weak = std::weak_ptr(environment)](std::shared_ptr<HttpRequest> request, Respond respond) {
        auto held = weak.lock();
        if (!held) return respond(HttpResponse::json(410, "{}"));
        handle(std::move(held), std::move(request), std::move(respond));
    };
    return std::make_shared<Endpoint>(runtime, handler, options);
}

}  // namespace virga
