#include "apis/sns/routes.hpp"

#include "apis/sns/phone_number.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/sent.hpp"
#include "emulator/topic/signer.hpp"

namespace virga::sns {

namespace {

constexpr std::string_view certificate_path = "/SimpleNotificationService-";

bool is_certificate(const HttpRequest& r) { return r.method == "GET" && r.path().starts_with(certificate_path) && r.path().ends_with(".pem"); }

HttpResponse certificate(World& world, std::string_view path) {
    auto& signer = world.part<topic::Signer>();
    if (path != "/" + signer.certificate_name()) return HttpResponse::text(404, "there is no such certificate\n");
    HttpResponse response = HttpResponse::text(200, signer.certificate());
    response.headers.set("Content-Type", "application/x-pem-file");
    return response;
}

constexpr std::string_view records_path = "/_aws/sns/";

// One list of what was sent: the last part of its path, its name in the answer, the parameter that asks for one target.
struct Records {
    std::string_view path;
    const char *name, *kind, *parameter;
};
constexpr Records lists[] = {{"sms-messages", "sms_messages", topic::sent_kind::sms, "phoneNumber"},
                             {"platform-endpoint-messages", "platform_endpoint_messages", topic::sent_kind::push, "endpointArn"},
                             {"email-messages", "email_messages", topic::sent_kind::email, "address"}};

HttpResponse answer(int status, Value document) { return HttpResponse::json(status, json::write(document) + "\n"); }

// What the query of a request asks for: an account and region, and the value of `parameter`.
struct Asked {
    PartitionId id{"000000000000", "us-east-1"};
    std::string target;
};

Asked read_query(const HttpRequest& request, std::string_view parameter) {
    Asked asked;
    for (auto& [name, value] : parse_query(request.query())) {
        if (name == "accountId") asked.id.account = value;
        if (name == "region") asked.id.region = value;
        if (name == parameter) asked.target = value;
    }
    return asked;
}

HttpResponse clear_messages(World& world, const Asked& asked, const Records& list) {
    if (auto partition = world.find_partition(asked.id)) {
        auto& sent = partition->part<topic::Sent>();
        auto tx = partition->write();
        sent.clear(tx, list.kind, asked.target);
        tx.commit();
    }
    return HttpResponse::text(204, "");
}

HttpResponse sent_messages(World& world, const Asked& asked, const Records& list) {
    Value by_target = Object();
    if (!asked.target.empty()) by_target[asked.target] = Array();
    if (auto partition = world.find_partition(asked.id)) {
        auto& sent = partition->part<topic::Sent>();
        auto reading = partition->read();
        for (auto& [to, document] : sent.list(reading.db(), list.kind, asked.target)) {
            Value& its = by_target[to];
            if (its.is_null()) its = Array();
            its.as_array().push_back(std::move(document));
        }
    }
    return answer(200, Object{{list.name, std::move(by_target)}, {"region", asked.id.region}});
}

// As if the phone had answered STOP.
HttpResponse opt_out(World& world, const HttpRequest& request, const std::string& number) {
    auto partition = world.find_partition(read_query(request, "").id);
    if (!partition || !topic::is_phone_number(number)) return answer(404, Object{{"error", "there is no such number or account"}});
    auto& store = partition->part<topic::Sent>();
    auto tx = partition->write();
    store.save(tx, topic::document_kind::opted_out, checked_phone_number(number), Object());
    tx.commit();
    return answer(200, Object());
}

HttpResponse subscription_token(World& world, const std::string& text) {
    const auto arn = Arn::parse(text);
    auto partition = arn ? world.find_partition({arn->account, arn->region}) : nullptr;
    std::optional<topic::Subscription> found;
    if (partition) {
        auto& topics = partition->part<topic::Topics>();
        auto reading = partition->read();
        found = topics.find_subscription(reading.db(), text);
    }
    if (!found) return answer(404, Object{{"error", "The provided SubscriptionARN is not found"}, {"subscription_arn", text}});
    return answer(200, Object{{"subscription_token", found->token}, {"subscription_arn", text}});
}

HttpResponse records(World& world, const HttpRequest& request) {
    const std::string_view path = request.path().substr(records_path.size());
    constexpr std::string_view tokens = "subscription-tokens/";
    if (path.starts_with(tokens) && request.method == "GET") return subscription_token(world, percent_decode(path.substr(tokens.size())));
    constexpr std::string_view numbers = "opted-out/";
    if (path.starts_with(numbers) && request.method == "PUT") return opt_out(world, request, percent_decode(path.substr(numbers.size())));
    for (const auto& list : lists) {
        if (path != list.path) continue;
        if (request.method == "GET") return sent_messages(world, read_query(request, list.parameter), list);
        if (request.method == "DELETE") return clear_messages(world, read_query(request, list.parameter), list);
    }
    return answer(404, Object{{"error", "there is no " + request.method + " " + std::string(request.path())}});
}

}  // namespace

HttpRoute certificate_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) { respond(certificate(world, request->path())); };
    return {"sns certificate", is_certificate, handle};
}

HttpRoute records_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) { respond(records(world, *request)); };
    return {"sns records", [](const HttpRequest& r) { return r.path().starts_with(records_path); }, handle};
}

}  // namespace virga::sns
