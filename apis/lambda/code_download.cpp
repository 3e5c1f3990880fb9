#include "apis/lambda/code_download.hpp"

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

constexpr std::string_view root = "/_aws/lambda/code/";

// <account>/<region>/<hex digest>
void answer(World& world, const HttpRequest& request, const Respond& respond) {
    auto rest = request.path().substr(root.size());
    auto first = rest.find('/'), second = rest.find('/', first + 1);
    if (second == std::string_view::npos) return respond(HttpResponse::text(404, "No such code"));
    auto partition = world.partition({std::string(rest.substr(0, first)), std::string(rest.substr(first + 1, second - first - 1))});
    auto& store = partition->part<FunctionStore>();
    auto digest = hex_decode(rest.substr(second + 1));
    std::optional<std::string> zip;
    if (digest) {
        auto reading = partition->read();
        zip = store.code(reading.db(), base64_encode(*digest));
    }
    if (!zip) return respond(HttpResponse::text(404, "No such code"));
    HttpResponse response;
    response.headers.add("Content-Type", "application/zip");
    response.body = std::move(*zip);
    respond(std::move(response));
}

}  // namespace

std::string code_location(const std::string& endpoint, const FunctionRef& ref, const std::string& sha256) {
    auto& id = ref.partition->id();
    return endpoint + std::string(root) + id.account + "/" + id.region + "/" + hex_encode(base64_decode(sha256).value_or(""));
}

HttpRoute code_download_route(World& world) {
    return {"lambda code", [](const HttpRequest& request) { return request.path().starts_with(root); },
            [&world](std::shared_ptr<HttpRequest> request, Respond respond) { answer(world, *request, respond); }};
}

}  // namespace virga
