// Every protocol decoder: the first two bytes choose service and operation, the next one the protocol, the rest is the body (and for REST
// a query string and a header, up to the first line ends). What is decoded is validated and written back as an output.
#include <cstdint>
#include <string>
#include <string_view>

#include "apis/protocol/models.hpp"
#include "apis/protocol/wire.hpp"

using namespace virga;
using namespace virga::protocol;

namespace {

std::string_view take_line(std::string_view& rest) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

void add_header(HttpRequest& request, std::string_view line) {
    std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) request.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 1)));
}

void bind_labels(WireRequest& wire, std::string_view value) {
    model::Shape input = wire.operation.input();
    for (std::size_t i = 0; input && i < input.member_count(); ++i)
        if (input.member(i)->location == model::Location::uri) wire.labels.emplace_back(std::string(input.member(i).wire_name()), std::string(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    auto services = models::all();
    WireRequest wire;
    wire.service = services[data[0] % services.size()];
    wire.operation = wire.service->operation(data[1] % wire.service->operation_count());
    wire.operation_name = wire.operation.name();
    std::uint8_t choice = data[2];
    wire.protocol = wire.service->protocol();
    if (choice % 4 == 1) wire.protocol = model::Protocol::query;
    if (choice % 4 == 2) wire.protocol = model::Protocol::rpc_v2_cbor;
    wire.cbor = choice % 4 == 3;
    std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
    HttpRequest request;
    request.method = wire.operation.method();
    request.target = "/";
    if (wire.protocol == model::Protocol::rest_json || wire.protocol == model::Protocol::rest_xml) {
        request.target += "?" + std::string(take_line(rest));
        add_header(request, take_line(rest));
        bind_labels(wire, take_line(rest));
    }
    if (choice & 64) request.headers.add("Content-Encoding", "gzip");
    try {
        Value input = decode_input(wire, request, rest);
        encode_output(wire, input, false, "id", {});
        encode_error(wire, ApiError("ValidationException", 400, "m", input.as_object()), "id", {});
        validate(wire.operation, input, "ValidationException");
    } catch (const ApiError& e) {
        encode_error(wire, e, "id", {});
    }
    return 0;
}
