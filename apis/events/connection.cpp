#include "apis/events/delivery.hpp"
#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "apis/http/client.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/limits.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

namespace {

struct AuthKind {
    std::string_view type;
    const char* block;
    std::vector<const char*> required;
};

const AuthKind& auth_kind(std::string_view type) {
    static const AuthKind kinds[] = {{"BASIC", "BasicAuthParameters", {"Username", "Password"}},
                                     {"API_KEY", "ApiKeyAuthParameters", {"ApiKeyName", "ApiKeyValue"}},
                                     {"OAUTH_CLIENT_CREDENTIALS", "OAuthParameters", {"ClientParameters", "AuthorizationEndpoint", "HttpMethod"}}};
    for (const auto& k : kinds)
        if (k.type == type) return k;
    return kinds[0];
}

std::string connection_arn(const Partition& p, const std::string& name, const Value& c) {
    return p.arn("events", "connection/" + name + "/" + std::string(c.text("Id")));
}

Value require_connection(Context& ctx, const Value& input) {
    auto found = ctx.partition->part<bus::Resources>().find(bus::kind::connection, input.text("Name"));
    if (found.is_null()) throw bus::errors::no_such_connection(input.text("Name"));
    ctx.resource = connection_arn(*ctx.partition, std::string(input.text("Name")), found);
    return found;
}

// Members of `more` go over those of `base`, object by object.
void merge(Value& base, const Value& more) {
    for (const auto& m : more.as_object()) {
        bool both = m.value.is_object() && base[m.name].is_object() && m.name != "InvocationHttpParameters" && m.name != "OAuthHttpParameters";
        if (both) merge(base[m.name], m.value);
        else base[m.name] = m.value;
    }
}

// What the type needs is there; blocks of other types are dropped.
void check_auth(Value& connection) {
    const auto& kind = auth_kind(connection.text("AuthorizationType"));
    Value& auth = connection["AuthParameters"];
    for (const char* member : kind.required)
        if (!auth[kind.block].has(member)) throw bus::errors::missing_auth_fields(kind.block);
    for (const char* block : {"BasicAuthParameters", "ApiKeyAuthParameters", "OAuthParameters"})
        if (std::string_view(block) != kind.block) auth.as_object().erase(block);
    if (kind.type != "OAUTH_CLIENT_CREDENTIALS") return;
    auto url = auth["OAuthParameters"].text("AuthorizationEndpoint");
    if (!Url::parse(url)) throw bus::errors::bad_authorization_endpoint(url);
    for (const char* member : {"ClientID", "ClientSecret"})
        if (!auth["OAuthParameters"]["ClientParameters"].has(member)) throw bus::errors::missing_auth_fields("OAuthParameters");
}

// Parameters as Describe shows them: a secret value is never shown.
Value shown_parameters(const Value& parameters) {
    Value out = Object();
    for (const auto& list : parameters.as_object()) {
        Array shown;
        for (const auto& p : list.value.as_array()) {
            Value one = Object{{"Key", p["Key"]}, {"IsValueSecret", p.flag("IsValueSecret")}};
            if (!p.flag("IsValueSecret") && p.has("Value")) one["Value"] = p["Value"];
            shown.push_back(std::move(one));
        }
        out[list.name] = std::move(shown);
    }
    return out;
}

Value shown_auth(const Value& auth) {
    Value out = Object();
    if (auth.has("BasicAuthParameters")) out["BasicAuthParameters"] = Object{{"Username", auth["BasicAuthParameters"]["Username"]}};
    if (auth.has("ApiKeyAuthParameters")) out["ApiKeyAuthParameters"] = Object{{"ApiKeyName", auth["ApiKeyAuthParameters"]["ApiKeyName"]}};
    if (auth.has("OAuthParameters")) {
        const Value& o = auth["OAuthParameters"];
        Value shown = Object{{"ClientParameters", Object{{"ClientID", o["ClientParameters"]["ClientID"]}}},
                             {"AuthorizationEndpoint", o["AuthorizationEndpoint"]},
                             {"HttpMethod", o["HttpMethod"]}};
        if (o.has("OAuthHttpParameters")) shown["OAuthHttpParameters"] = shown_parameters(o["OAuthHttpParameters"]);
        out["OAuthParameters"] = std::move(shown);
    }
    if (auth.has("InvocationHttpParameters")) out["InvocationHttpParameters"] = shown_parameters(auth["InvocationHttpParameters"]);
    if (auth.has("ConnectivityParameters")) out["ConnectivityParameters"] = auth["ConnectivityParameters"];
    return out;
}

Value times(const Value& c) {
    Value out = Object();
    for (const char* member : {"CreationTime", "LastModifiedTime", "LastAuthorizedTime"})
        if (c.integer(member)) out[member] = Timestamp{c.integer(member)};
    return out;
}

Value short_answer(Context& ctx, const Value& c, std::string_view state) {
    Value out = times(c);
    out["ConnectionArn"] = ctx.resource;
    out["ConnectionState"] = state;
    return out;
}

// Private connectivity is recorded only; the association that AWS would make gets a name.
void name_association(Context& ctx, Value& holder) {
    if (!holder.has("ResourceParameters")) return;
    std::string id = ctx.random.uuid();
    std::erase(id, '-');
    holder["ResourceParameters"]["ResourceAssociationArn"] = ctx.partition->arn("vpc-lattice", "servicenetworkresourceassociation/snra-" + id.substr(0, 17));
}

void read_settings(Context& ctx, const Value& input, Value& c) {
    for (const char* member : {"Description", "KmsKeyIdentifier", "InvocationConnectivityParameters"})
        if (input.has(member)) c[member] = input[member];
    if (input.has("AuthorizationType")) c["AuthorizationType"] = input["AuthorizationType"];
    if (input.has("AuthParameters")) merge(c["AuthParameters"], input["AuthParameters"]);
    check_auth(c);
    if (input.has("InvocationConnectivityParameters")) name_association(ctx, c["InvocationConnectivityParameters"]);
    if (input["AuthParameters"].has("ConnectivityParameters")) name_association(ctx, c["AuthParameters"]["ConnectivityParameters"]);
    c["LastModifiedTime"] = ctx.now();
    c["StateReason"] = Value();
    c["Version"] = ctx.random.uuid();  // tokens fetched for an earlier one are not used
    bool oauth = c.text("AuthorizationType") == "OAUTH_CLIENT_CREDENTIALS";
    c["ConnectionState"] = oauth ? "AUTHORIZING" : "AUTHORIZED";
    if (!oauth) c["LastAuthorizedTime"] = ctx.now();
}

void save_and_authorize(Context& ctx, const std::string& name, const Value& c) {
    ctx.partition->part<bus::Resources>().save(bus::kind::connection, name, c);
    if (c.text("ConnectionState") != "AUTHORIZING") return;
    NewJob job;
    job.kind = authorize_job;
    job.resource = ctx.resource;
    job.payload = name;
    job.trace = ctx.trace();
    auto tx = ctx.partition->write();
    tx.enqueue(std::move(job));
    tx.commit();
}

}  // namespace

Value create_connection(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    std::string name(input.text("Name"));
    if (!resources.find(bus::kind::connection, name).is_null()) throw bus::errors::connection_exists(name);
    if (resources.count(bus::kind::connection) >= bus::limits::connections) throw bus::errors::quota_exceeded();
    Value c = Object{{"Id", ctx.random.uuid()}, {"SecretId", ctx.random.uuid()}, {"CreationTime", ctx.now()}, {"AuthParameters", Object()}};
    read_settings(ctx, input, c);
    ctx.resource = connection_arn(*ctx.partition, name, c);
    save_and_authorize(ctx, name, c);
    return short_answer(ctx, c, c.text("ConnectionState"));
}

Value update_connection(Context& ctx, const Value& input) {
    auto guard = ctx.partition->part<bus::Resources>().exclusive();
    Value c = require_connection(ctx, input);
    read_settings(ctx, input, c);
    save_and_authorize(ctx, std::string(input.text("Name")), c);
    return short_answer(ctx, c, c.text("ConnectionState"));
}

Value describe_connection(Context& ctx, const Value& input) {
    Value c = require_connection(ctx, input);
    Value answer = short_answer(ctx, c, c.text("ConnectionState"));
    answer["Name"] = input["Name"];
    for (const char* member : {"Description", "StateReason", "AuthorizationType", "KmsKeyIdentifier", "InvocationConnectivityParameters"})
        if (c.has(member)) answer[member] = c[member];
    // The name that the secret has in Secrets Manager: events!connection/<name>/<uuid>, and six characters of the service's own.
    std::string secret(c.text("SecretId"));
    if (c.text("ConnectionState") != "DEAUTHORIZED")
        answer["SecretArn"] = ctx.partition->arn("secretsmanager", "secret:events!connection/" + std::string(input.text("Name")) + "/" + secret + "-" + secret.substr(0, 6));
    answer["AuthParameters"] = shown_auth(c["AuthParameters"]);
    return answer;
}

Value list_connections(Context& ctx, const Value& input) {
    auto all = ctx.partition->part<bus::Resources>().list(bus::kind::connection);
    std::erase_if(all, [&](const bus::Resource& r) { return input.has("ConnectionState") && r.document.text("ConnectionState") != input.text("ConnectionState"); });
    Value answer = Object{{"Connections", Array()}};
    for (const auto& r : page(all, input, answer, [](const bus::Resource& x) -> std::string_view { return x.name; })) {
        Value one = times(r.document);
        one["ConnectionArn"] = connection_arn(*ctx.partition, r.name, r.document);
        one["Name"] = r.name;
        for (const char* member : {"ConnectionState", "StateReason", "AuthorizationType"})
            if (r.document.has(member)) one[member] = r.document[member];
        answer["Connections"].as_array().push_back(std::move(one));
    }
    return answer;
}

// Forgets the secret; the connection stays and can be updated with a new one.
Value deauthorize_connection(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    Value c = require_connection(ctx, input);
    c["AuthParameters"] = shown_auth(c["AuthParameters"]);
    c["ConnectionState"] = "DEAUTHORIZED";
    c["LastModifiedTime"] = ctx.now();
    c["Version"] = ctx.random.uuid();
    resources.save(bus::kind::connection, std::string(input.text("Name")), c);
    return short_answer(ctx, c, "DEAUTHORIZING");
}

// API destinations that used it become inactive: they say so when they are described.
Value delete_connection(Context& ctx, const Value& input) {
    auto& resources = ctx.partition->part<bus::Resources>();
    auto guard = resources.exclusive();
    Value c = require_connection(ctx, input);
    resources.remove(bus::kind::connection, std::string(input.text("Name")));
    return short_answer(ctx, c, "DELETING");
}

}  // namespace virga::events
