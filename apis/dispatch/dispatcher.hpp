// The one door. See DESIGN 3, Dispatcher.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "apis/http/message.hpp"
#include "apis/protocol/model.hpp"
#include "apis/protocol/wire.hpp"
#include "emulator/world/world.hpp"

namespace virga {

// What an operation gets besides its input. Lives as long as the call.
struct Context {
    World& world;
    std::shared_ptr<Partition> partition;  // of the caller's account and the request's region
    Call& call;
    Random random;
    std::string request_id;
    std::uint64_t span = 0;   // this call's span
    std::string resource{};   // set it to the ARN of what the call acts on, for the trace

    // What this call causes carries this.
    TraceContext trace() const { return {call.trace.root, span}; }
    TimeMs now() const { return world.clock.now(); }
    const std::string& account() const { return partition->account(); }
    const std::string& region() const { return partition->region(); }
};

// One function an operation, named after it. The input is decoded and validated by the model; the answer is by the model's member names.
using SyncOperation = std::function<Value(Context&, const Value& input)>;
// Context and input live until the task ends.
using AsyncOperation = std::function<Task<Value>(Context&, const Value& input)>;
// For operations with a streaming output (or both): fills Reply.output and Reply.body. The streaming input is context.call.body.
using StreamOperation = std::function<Task<Reply>(Context&, const Value& input)>;

// The longest request body that is read into memory, in bytes: a 50 MB function archive as base64 in JSON fits.
inline constexpr std::uint64_t max_buffered_body = 100ull * 1024 * 1024;

enum class RequestIdForm { uuid, upper_52, s3 };

// The operations of one service that virga has. Anything of the model that is not here answers 501.
class ServiceApi {
public:
    explicit ServiceApi(const model::Service& model);

    void on(std::string_view operation, SyncOperation f);
    void on_async(std::string_view operation, AsyncOperation f);
    void on_stream(std::string_view operation, StreamOperation f);
    RequestIdForm request_id_form = RequestIdForm::uuid;
    // Model-driven validation errors ("1 validation error detected: ..."): code and whether they are made at all.
    std::string validation_code = "ValidationException";
    bool validates = true;
    // What it calls its own failure, a 500.
    std::string internal_error_code = "InternalFailure";
    // The longest body that its front end takes, in bytes.
    std::uint64_t longest_body = max_buffered_body;
    // Where signatures are verified, requests without credentials pass: its operations decide what the public may.
    bool serves_public = false;
    // Operations that are taken unsigned even there, because what they are given is secret enough: links in messages.
    std::vector<std::string_view> public_operations;
    // Its operations get the body as it came (Call::body) beside the decoded input, to check its digests.
    bool checks_digests = false;
    // Called after decoding, before the model's constraints: a service whose own layer checks some things earlier throws here.
    std::function<void(const model::Operation&, const Value& input)> before_validation;

    const model::Service& model() const { return model_; }
    bool implements(const model::Operation& op) const;
    bool is_public(const model::Operation& op) const;

private:
    friend class Dispatcher;
    struct Entry {
        SyncOperation sync;
        AsyncOperation async;
        StreamOperation stream;
    };
    model::Service model_;
    std::vector<Entry> entries_;  // by operation index
};

// An HTTP path or host that is no AWS API: API Gateway invocations, function URLs, presigned code downloads, /_virga/.
struct HttpRoute {
    std::string name;
    std::function<bool(const HttpRequest&)> matches;
    HttpHandler handle;
};

// One line of the request log.
struct RequestLog {
    std::string_view service, operation, account, region, request_id;
    int status;
    std::string_view error;  // code, "" when none
    std::int64_t real_us;
};

class Dispatcher : public Calls {
public:
    explicit Dispatcher(World& world);
    ~Dispatcher() override;

    ServiceApi& add_service(const model::Service& model);
    ServiceApi* find_service(std::string_view id);
    std::vector<const ServiceApi*> services() const;
    // Routes are asked in the order they were added, before API routing.
    void add_route(HttpRoute route);

    Task<Reply> call(Call call) override;
    // The same without a coroutine where the operation is synchronous: `done` is called at once then.
    void perform(Call call, std::function<void(Reply)> done);

    // Bytes in, bytes out: routes, then API calls.
    void handle(std::shared_ptr<HttpRequest> request, Respond respond);

    World& world() { return world_; }

    // Who a caller is, by account and access key; set by the identity service. Default: the account's root.
    std::function<Principal(const std::string& account, const std::string& access_key)> principals;
    // The secret of an access key that IAM or STS gave out, or nothing: then it is default_secret. Used when verify_signatures is on.
    std::function<std::optional<std::string>(const std::string& account, const std::string& access_key)> secrets;
    bool verify_signatures = false;
    // Called for every answered API request; null = no log.
    std::function<void(const RequestLog&)> log;

private:
    struct InFlight;
    struct HttpCall;
    void handle_api(std::shared_ptr<HttpCall> call);
    std::optional<ApiError> check_signature(const protocol::WireRequest& wire, const HttpRequest& request, std::string_view body);
    // perform() of an operation that was found already.
    void perform(Call&& call, ServiceApi& api, model::Operation operation, std::function<void(Reply)> done);
    void decode_and_perform(std::shared_ptr<HttpCall> call, std::string body);
    void answer(const std::shared_ptr<HttpCall>& call, Reply reply);
    // Logs the answer and gives it to the connection. error: its code, "" for none.
    void send(const HttpCall& call, HttpResponse response, const std::string& request_id, std::string_view error);

    World& world_;
    std::vector<std::unique_ptr<ServiceApi>> services_;
    std::vector<const model::Service*> models_;
    std::unordered_map<std::string_view, ServiceApi*> by_id_;
    std::vector<HttpRoute> routes_;
};

// The secret of every access key that was not made here, as clients of local emulators have it by habit.
inline constexpr const char* default_secret = "test";

}  // namespace virga
