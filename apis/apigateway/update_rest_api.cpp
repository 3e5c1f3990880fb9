#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"
#include "apis/apigateway/operations.hpp"
#include "apis/apigateway/patch.hpp"

namespace virga::apigateway {
namespace {

void patch_endpoint(Object& settings, const Patch& p) {
    Value& endpoint = settings["endpointConfiguration"];
    if (p.parts.size() == 3 && p.parts[1] == "types") {
        allow_ops(p, "replace");
        const std::string type = p.text();
        if (type != "EDGE" && type != "REGIONAL" && type != "PRIVATE") throw errors::bad_endpoint_type_patch();
        endpoint["types"] = Array{type};
        if (type == "PRIVATE") endpoint["ipAddressType"] = "dualstack";
    } else if (p.parts.size() == 2 && p.parts[1] == "ipAddressType") {
        allow_ops(p, "replace");
        if (p.value != "ipv4" && p.value != "dualstack") throw errors::bad_request("ipAddressType must be either ipv4 or dualstack.");
        if (p.value == "ipv4" && endpoint.list("types")[0].as_string() == "PRIVATE") throw errors::private_needs_dualstack();
        endpoint["ipAddressType"] = p.text();
    } else if (p.parts.size() == 2 && p.parts[1] == "vpcEndpointIds") {
        allow_ops(p, "add, remove");
        patch_list(endpoint.as_object(), "vpcEndpointIds", p.text(), p);
    } else {
        throw errors::bad_patch_path(p.path);
    }
}

void patch_compression(Object& settings, const Patch& p) {
    if (!p.value || p.value->empty()) {
        settings.erase("minimumCompressionSize");
        return;
    }
    char* end = nullptr;
    const long size = std::strtol(p.value->c_str(), &end, 10);
    if (*end || size < 0 || size > limits::compression_max) throw errors::bad_compression_size();
    settings["minimumCompressionSize"] = size;
}

// replace moves a type to the end of the list, under the name of its value; add takes it from the path.
void patch_binary_type(Object& settings, const Patch& p) {
    Patch removal = p;
    if (p.op == "replace") {
        removal.op = "remove";
        patch_list(settings, "binaryMediaTypes", p.parts[1], removal);
    }
    patch_list(settings, "binaryMediaTypes", p.op == "replace" && p.value ? *p.value : p.parts[1], p);
}

void apply(Object& settings, const Patch& p) {
    const std::string& first = p.parts[0];
    if (first == "endpointConfiguration") return patch_endpoint(settings, p);
    if (first == "binaryMediaTypes" && p.parts.size() == 2) return patch_binary_type(settings, p);
    if (p.parts.size() != 1) throw errors::bad_patch_path(p.path);
    if (first == "description") return patch_text(settings, first, p);
    if (first != "name" && first != "apiKeySource" && first != "disableExecuteApiEndpoint" && first != "minimumCompressionSize" &&
        first != "policy" && first != "securityPolicy" && first != "endpointAccessMode" && first != "version")
        throw errors::bad_patch_path(p.path);
    allow_ops(p, "replace");
    if (first == "minimumCompressionSize") return patch_compression(settings, p);
    if (first == "disableExecuteApiEndpoint") return patch_flag(settings, first, p);
    patch_text(settings, first, p);
}

}  // namespace

Value update_rest_api(Context& ctx, const Value& input) {
    const auto patches = read_patches(input);
    auto tx = ctx.partition->write();
    RestApi api = find_api(ctx, tx.db(), input);
    for (const Patch& p : patches) apply(api.settings, p);
    store_of(ctx).put(tx.db(), api);
    tx.commit();
    Value answer = show(api);
    if (!answer.has("tags")) answer["tags"] = Object{};
    return answer;
}

}  // namespace virga::apigateway
