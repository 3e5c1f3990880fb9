#include <array>
#include <unordered_map>

#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/limits.hpp"
#include "apis/apigateway/operations.hpp"

namespace virga::apigateway {
namespace {

// Emulators' users choose an API's id by a tag, so that URLs stay the same.
std::string choose_id(Context& ctx, const Value& input) {
    for (const char* tag : {"_custom_id_", "ms-custom-id", "floci:override-id"})
        if (std::string_view id = input["tags"].text(tag); !id.empty()) return std::string(id);
    return ctx.random.alnum_lower(10);
}

Value endpoint_configuration(const Value& input) {
    const Value& wanted = input["endpointConfiguration"];
    Object out;
    std::string type = "EDGE";
    if (wanted.has("types")) {
        const Array& types = wanted.list("types");
        if (types.empty()) throw errors::no_endpoint_type();
        if (types.size() > 1) throw errors::many_endpoint_types();
        type = types[0].as_string();
        if (type != "EDGE" && type != "REGIONAL" && type != "PRIVATE") throw errors::bad_endpoint_type(type);
    }
    std::string_view ip = wanted.text("ipAddressType", type == "PRIVATE" ? "dualstack" : "ipv4");
    if (type == "PRIVATE" && ip != "dualstack") throw errors::private_needs_dualstack();
    out.append("types", Array{type});
    if (wanted.has("vpcEndpointIds")) out.append("vpcEndpointIds", wanted["vpcEndpointIds"]);
    out.append("ipAddressType", ip);
    return out;
}

// The models that every API made here (not imported) has.
void add_default_models(Context& ctx, Store& store, Database& db, const std::string& api) {
    struct Default {
        const char *name, *description, *schema;
    };
    constexpr std::array<Default, 2> defaults{{
        {"Empty", "This is a default empty schema model",
         "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \"object\"\n}"},
        {"Error", "This is a default error schema model",
         "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \"object\",\n"
         "  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}"},
    }};
    for (const Default& m : defaults)
        store.put_item(db, api, "model", m.name,
                       Object{{"id", ctx.random.alnum_lower(6)}, {"name", m.name}, {"description", m.description}, {"schema", m.schema},
                              {"contentType", "application/json"}});
}

// Copies another API's resources, methods and items under new resource ids; the id of the new root.
std::string clone(Context& ctx, Store& store, Database& db, const std::string& from, const std::string& to) {
    std::unordered_map<std::string, std::string> ids;
    std::string root;
    for (Resource r : store.resources(db, from)) {
        const std::string id = ctx.random.alnum_lower(r.parent.empty() ? 10 : 6);
        ids[r.id] = id;
        r.id = id;
        if (r.parent.empty()) root = id;
        else r.parent = ids[r.parent];
        store.put(db, to, r);
    }
    for (const char* kind : {"model", "validator", "response"})
        for (const auto& [name, document] : store.items(db, from, kind)) store.put_item(db, to, kind, name, document);
    return root;
}

}  // namespace

Value create_rest_api(Context& ctx, const Value& input) {
    // Validate.
    if (input.has("description") && input.text("description").empty()) throw errors::empty_description();
    if (std::int64_t size = input.integer("minimumCompressionSize", 0); size < 0 || size > limits::compression_max)
        throw errors::bad_compression_size();
    RestApi api{choose_id(ctx, input), ctx.now()};
    api.settings.append("name", input.text("name"));
    copy_members(input, api.settings, {"description", "version", "binaryMediaTypes", "minimumCompressionSize", "policy", "tags",
                                       "securityPolicy", "endpointAccessMode"});
    for (const char* name : {"version", "policy"})
        if (const Value* v = api.settings.find(name); v && v->as_string().empty()) api.settings.erase(name);
    if (const Value* types = api.settings.find("binaryMediaTypes"); types && types->as_array().empty()) api.settings.erase("binaryMediaTypes");
    if (const Value* tags = api.settings.find("tags"); tags && tags->as_object().empty()) api.settings.erase("tags");
    api.settings.append("apiKeySource", input.text("apiKeySource", "HEADER"));
    api.settings.append("endpointConfiguration", endpoint_configuration(input));
    api.settings.append("disableExecuteApiEndpoint", input.flag("disableExecuteApiEndpoint"));

    // Take the global name, then store.
    Store& store = store_of(ctx);
    {
        auto reading = ctx.partition->read();
        if (store.api(reading.db(), api.id)) throw errors::api_exists(api.id);
        if (input.has("cloneFrom") && !store.api(reading.db(), input.text("cloneFrom")))
            throw errors::no_api(ctx.account(), input.text("cloneFrom"));
    }
    if (!ctx.world.directory->claim("api", api.id, ctx.partition->id())) throw errors::api_exists(api.id);
    auto tx = ctx.partition->write();
    std::string root;
    if (input.has("cloneFrom")) {
        root = clone(ctx, store, tx.db(), std::string(input.text("cloneFrom")), api.id);
    } else {
        root = ctx.random.alnum_lower(10);
        store.put(tx.db(), api.id, Resource{root, "", "", "/"});
        add_default_models(ctx, store, tx.db(), api.id);
    }
    api.settings.append("rootResourceId", root);
    store.put(tx.db(), api);
    tx.commit();

    // Answer.
    ctx.resource = "arn:aws:apigateway:" + ctx.region() + "::/restapis/" + api.id;
    return show(api);
}

}  // namespace virga::apigateway
