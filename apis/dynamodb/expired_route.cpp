// DELETE /_aws/dynamodb/expired, as LocalStack has it. Items go here by themselves, so it says how many did.
#include "apis/dynamodb/expired_route.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/expiry.hpp"

namespace virga::dynamodb {

namespace {

constexpr std::string_view path = "/_aws/dynamodb/expired";
constexpr std::int64_t wait_ms = 5000;  // for what is expiring just now

Task<HttpResponse> count(World& world) {
    co_await world.activities.wait_idle(wait_ms);
    const std::int64_t expired = world.part<table::ExpiredItems>().count.exchange(0);
    co_return HttpResponse::json(200, json::write(Object{{"ExpiredItems", expired}}) + "\n");
}

}  // namespace

HttpRoute expired_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest>, Respond respond) {
        start_with_result(count(world), [respond = std::move(respond)](std::exception_ptr, std::optional<HttpResponse> response) {
            respond(response ? std::move(*response) : HttpResponse::json(500, "{}\n"));
        });
    };
    return {"dynamodb expired", [](const HttpRequest& r) { return r.path() == path && r.method == "DELETE"; }, handle};
}

}  // namespace virga::dynamodb
