// From bytes to a call and back.
#include "apis/dispatch/dispatcher.hpp"

#include "apis/dispatch/request_id.hpp"
#include "apis/protocol/sigv4.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/time_format.hpp"

namespace virga {

namespace {

bool is_preflight(const HttpRequest& r) {
    return r.method == "OPTIONS" && r.headers.has("origin") && r.headers.has("access-control-request-method");
}

// Browsers may call every API: the emulator guards nothing. Save S3's, whose answers (they carry x-amz-id-2) follow the buckets' own rules.
void add_cors(const HttpRequest& request, HttpResponse& response) {
    const std::string* origin = request.headers.find("origin");
    if (!origin || response.headers.has("access-control-allow-origin") || (response.headers.has("x-amz-id-2") && !response.headers.has("x-amzn-requestid"))) return;
    response.headers.add("Access-Control-Allow-Origin", "*");
    response.headers.add("Access-Control-Expose-Headers", "*, x-amzn-requestid, x-amzn-errortype, x-amzn-errormessage, x-amz-request-id, x-amz-id-2, etag, date");
    if (request.method != "OPTIONS") return;
    response.headers.add("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, PATCH, DELETE, OPTIONS");
    std::string_view wanted = request.headers.get("access-control-request-headers");
    response.headers.add("Access-Control-Allow-Headers", wanted.empty() ? "*" : std::string(wanted));
    response.headers.add("Access-Control-Max-Age", "172800");
}

// For requests that do not come to their operation.
std::string request_id_of(Dispatcher& dispatcher, const protocol::WireRequest& wire, const HttpRequest& request) {
    const ServiceApi* api = wire.service ? dispatcher.find_service(wire.service->id()) : nullptr;
    Random random = dispatcher.world().random.derive(0, request.target);
    return make_request_id(api ? api->request_id_form : RequestIdForm::uuid, random);
}

// The answer to a request whose handling ended by the current exception.
HttpResponse failure_of(const HttpRequest& request) {
    try {
        throw;
    } catch (const ApiError& e) {
        return HttpResponse::json(e.status, "{\"message\":\"" + e.code + "\"}");
    } catch (const std::exception& e) {
        std::fprintf(stderr, "virga: %s %s failed: %s\n", request.method.c_str(), request.target.c_str(), e.what());
        return HttpResponse::json(500, "{\"message\":\"InternalFailure\"}");
    }
}

}  // namespace

struct Dispatcher::HttpCall {
    std::shared_ptr<HttpRequest> request;
    Respond respond;
    protocol::WireRequest wire;
    std::optional<HttpExchange> exchange;
    std::int64_t began = 0;
};

Dispatcher::Dispatcher(World& world) : world_(world) { world.calls = this; }
Dispatcher::~Dispatcher() = default;

ServiceApi& Dispatcher::add_service(const model::Service& model) {
    services_.push_back(std::make_unique<ServiceApi>(model));
    ServiceApi& api = *services_.back();
    models_.push_back(&api.model());
    by_id_[api.model().id()] = &api;
    return api;
}

ServiceApi* Dispatcher::find_service(std::string_view id) {
    auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : it->second;
}

std::vector<const ServiceApi*> Dispatcher::services() const {
    std::vector<const ServiceApi*> out;
    for (const auto& s : services_) out.push_back(s.get());
    return out;
}

void Dispatcher::add_route(HttpRoute route) { routes_.push_back(std::move(route)); }

void Dispatcher::handle(std::shared_ptr<HttpRequest> request, Respond respond) {
    bool cors = request->headers.has("origin");
    Respond finish = [this, cors = cors ? request : nullptr, respond = std::move(respond)](HttpResponse response) {
        if (!response.headers.has("date")) response.headers.add("Date", http_date(world_.clock.date()));
        if (cors) add_cors(*cors, response);
        respond(std::move(response));
    };
    try {
        for (const HttpRoute& route : routes_)
            if (route.matches(*request)) return route.handle(request, finish);
        if (is_preflight(*request)) return finish(HttpResponse{});
    } catch (...) {
        return finish(failure_of(*request));
    }
    auto call = std::make_shared<HttpCall>();
    call->request = std::move(request);
    call->respond = std::move(finish);
    call->exchange.emplace(HttpExchange{*call->request, {}});
    try {
        handle_api(call);
    } catch (...) {
        call->respond(failure_of(*call->request));
    }
}

void Dispatcher::handle_api(std::shared_ptr<HttpCall> call) {
    call->began = monotonic_us();
    call->wire = protocol::identify(*call->request, models_);
    const protocol::WireRequest& wire = call->wire;
    if (wire.at_the_door) {
        const std::string id = request_id_of(*this, wire, *call->request);
        return send(*call, protocol::answer_at_the_door(wire, *call->request, id), id, {});
    }
    if (!wire.needs_body() && wire.operation && !wire.operation.streaming_input().empty()) return decode_and_perform(std::move(call), {});
    if (auto* whole = dynamic_cast<StringSource*>(call->request->body.get())) return decode_and_perform(std::move(call), whole->take());
    ByteSource& source = *call->request->body;
    start_with_result(read_all(source, max_buffered_body), [this, call](std::exception_ptr error, std::optional<std::string> body) {
        if (!error) return decode_and_perform(call, std::move(*body));
        Reply reply;
        try {
            std::rethrow_exception(error);
        } catch (const ApiError& e) {
            reply.error = e;
        } catch (const std::exception& e) {
            const ServiceApi* api = call->wire.service ? find_service(call->wire.service->id()) : nullptr;
            reply.error.emplace(api ? api->internal_error_code : "InternalFailure", 500, e.what());
        }
        answer(call, std::move(reply));
    });
}

std::optional<ApiError> Dispatcher::check_signature(const protocol::WireRequest& wire, const HttpRequest& request, std::string_view body) {
    std::optional<std::string> secret = secrets ? secrets(wire.account, wire.access_key) : std::nullopt;
    bool streamed = !wire.operation.streaming_input().empty();
    return protocol::verify(request, wire, secret ? *secret : default_secret, streamed ? std::string() : hex_encode(sha256(body)), world_.clock.wall());
}

void Dispatcher::decode_and_perform(std::shared_ptr<HttpCall> http, std::string body) {
    protocol::WireRequest& wire = http->wire;
    const HttpRequest& request = *http->request;
    Call call;
    ServiceApi* api = nullptr;
    try {
        if (wire.needs_body()) protocol::identify_body(wire, request, body, models_);
        api = wire.service ? find_service(wire.service->id()) : nullptr;
        if (api && body.size() > api->longest_body) throw ApiError("RequestEntityTooLarge", 413, "The request body is too large");
        if (!api || !wire.operation) {
            protocol::check_document(wire, request, body);
            throw protocol::unknown_operation(wire, request);
        }
        if (verify_signatures && !(api->is_public(wire.operation) && protocol::is_anonymous(request)))
            if (auto refused = check_signature(wire, request, body)) {
                protocol::check_document(wire, request, body);
                throw *refused;
            }
        call.input = protocol::decode_input(wire, request, body);
    } catch (const ApiError& e) {
        Reply reply;
        reply.error = e;
        return answer(http, std::move(reply));
    }
    call.service = std::string(wire.service->id());
    call.operation = std::string(wire.operation.name());
    call.partition = {wire.account, wire.region};
    if (principals) {
        call.principal = principals(wire.account, wire.access_key);
    } else {
        call.principal.account = call.principal.user_id = wire.account;
        call.principal.arn = "arn:aws:iam::" + wire.account + ":root";
    }
    call.principal.access_key = wire.access_key;
    call.trace = TraceContext::parse(request.headers.get("x-amzn-trace-id"));
    call.endpoint = request.host().empty() ? world_.options.endpoint : request.endpoint();
    call.http = &*http->exchange;
    call.cancel = request.cancel;
    call.json_reply = wire.writes_json();
    if (!wire.operation.streaming_input().empty()) call.body = request.body;
    else if (api->checks_digests && !body.empty()) call.body = std::make_shared<StringSource>(std::move(body));
    perform(std::move(call), *api, wire.operation, [this, http](Reply reply) { answer(http, std::move(reply)); });
}

void Dispatcher::answer(const std::shared_ptr<HttpCall>& call, Reply reply) {
    if (reply.request_id.empty()) reply.request_id = request_id_of(*this, call->wire, *call->request);
    HttpResponse response;
    try {
        response = reply.error ? protocol::encode_error(call->wire, *reply.error, reply.request_id, call->exchange->extra)
                               : protocol::encode_output(call->wire, reply.output, reply.body != nullptr, reply.request_id, call->exchange->extra);
        if (!reply.error) response.stream = std::move(reply.body);
        if (!reply.error && call->exchange->status) response.status = call->exchange->status;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "virga: the answer to request %s cannot be written: %s\n", reply.request_id.c_str(), e.what());
        response = protocol::encode_error(call->wire, ApiError("InternalFailure", 500, "The answer cannot be written."), reply.request_id, {});
    }
    const std::string error = reply.error ? reply.error->code : std::string();
    send(*call, std::move(response), reply.request_id, error);
}

void Dispatcher::send(const HttpCall& call, HttpResponse response, const std::string& request_id, std::string_view error) {
    if (log) {
        const protocol::WireRequest& w = call.wire;
        log(RequestLog{w.service ? w.service->id() : std::string_view(), w.operation_name, w.account, w.region, request_id, response.status, error, monotonic_us() - call.began});
    }
    call.respond(std::move(response));
}

}  // namespace virga
