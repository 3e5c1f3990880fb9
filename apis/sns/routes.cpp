#include "apis/sns/routes.hpp"

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

}  // namespace

HttpRoute certificate_route(World& world) {
    auto handle = [&world](std::shared_ptr<HttpRequest> request, Respond respond) { respond(certificate(world, request->path())); };
    return {"sns certificate", is_certificate, handle};
}

}  // namespace virga::sns
