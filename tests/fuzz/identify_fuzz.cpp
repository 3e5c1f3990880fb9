// Which service and operation a request means, from arbitrary lines: method, target, then headers; after an empty line the body.
#include <cstdint>
#include <string>
#include <string_view>

#include "apis/protocol/models.hpp"
#include "apis/protocol/sigv4.hpp"
#include "apis/protocol/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virga;
    using namespace virga::protocol;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    auto line = [&] {
        std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view l = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return l;
    };
    HttpRequest request;
    request.method = line();
    request.target = line();
    for (std::string_view l = line(); !l.empty(); l = line()) {
        std::size_t colon = std::min(l.find(':'), l.size());
        request.headers.add(std::string(l.substr(0, colon)), std::string(l.substr(std::min(colon + 1, l.size()))));
    }
    WireRequest wire = identify(request, models::all());
    if (wire.needs_body()) identify_body(wire, request, rest, models::all());
    if (!wire.service || !wire.operation) encode_error(wire, unknown_operation(wire, request), "id", {});
    verify(request, wire, "secret", "", 1767323045000);
    check_expiry(request, 1767323045000);
    return 0;
}
