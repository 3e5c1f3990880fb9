// Platform applications and their endpoints. They are kept; what is pushed to them is recorded.
#include <algorithm>
#include <cctype>

#include "apis/sns/documents.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/target.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace kind = topic::document_kind;

namespace {

constexpr std::string_view platforms[] = {"ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "FCM", "GCM", "MACOS",
                                          "MACOS_SANDBOX", "MPNS", "WNS"};
constexpr std::string_view secrets[] = {"PlatformCredential", "PlatformPrincipal", "ApplePlatformTeamID", "ApplePlatformBundleID"};
constexpr std::string_view endpoint_attributes[] = {"CustomUserData", "Enabled", "Token"};

// "app/GCM/shop" -> "endpoint/GCM/shop/", in the ARN.
std::string endpoints_of(const Arn& application) {
    std::string text = application.text;
    text.resize(text.size() - application.resource.size());
    return text + "endpoint/" + std::string(application.name()) + "/";
}

Object merged(Object attributes, const Object& changes) {
    for (const auto& [name, value] : changes) attributes[name] = value;
    return attributes;
}

void check_endpoint_attributes(const Object& attributes) {
    for (const auto& [name, value] : attributes)
        if (std::find(std::begin(endpoint_attributes), std::end(endpoint_attributes), name) == std::end(endpoint_attributes))
            throw topic::invalid("Attributes Reason: Invalid attribute name: " + name);  // form without a source
}

bool is_application(const Arn& arn) { return arn.resource.starts_with("app/"); }
bool is_endpoint(const Arn& arn) { return arn.resource.starts_with("endpoint/"); }

// The ARN of a parameter, which has to be of the right sort, and the documents of its partition.
Documents documents(Context& ctx, const Value& input, const char* parameter, bool (*fits)(const Arn&), const ApiError& missing) {
    const Arn arn = read_arn(ctx, input.text(parameter), parameter);
    if (!fits(arn)) throw topic::invalid(parameter);
    auto partition = partition_of(ctx, arn, missing);
    auto& store = partition->part<topic::Sent>();
    return {std::move(partition), store, arn};
}

Documents application(Context& ctx, const Value& input) {
    return documents(ctx, input, "PlatformApplicationArn", is_application, topic::no_such_application());
}
Documents endpoint(Context& ctx, const Value& input) {
    return documents(ctx, input, "EndpointArn", is_endpoint, topic::no_such_endpoint());
}

}  // namespace

Value create_platform_application(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name(input.text("Name")), platform(input.text("Platform"));
    auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
    if (name.empty() || name.size() > topic::limits::topic_name || !std::all_of(name.begin(), name.end(), allowed)) throw topic::invalid("Name");
    if (std::find(std::begin(platforms), std::end(platforms), platform) == std::end(platforms))
        throw topic::invalid("Platform Reason: " + platform + " is not supported");
    ctx.resource = ctx.partition->arn("sns", "app/" + platform + "/" + name);
    Object attributes = merged({{"Enabled", "true"}}, input.object("Attributes"));

    // 2. An equal one that exists is answered; else keep it.
    auto& store = ctx.partition->part<topic::Sent>();
    auto tx = ctx.partition->write();
    const Value existing = store.find(tx.db(), kind::application, ctx.resource);
    if (!existing.is_null() && existing.as_object() != attributes)
        throw topic::invalid("Attributes Reason: Platform application already exists with different attributes");  // form without a source
    store.save(tx, kind::application, ctx.resource, attributes);
    tx.commit();
    return Object{{"PlatformApplicationArn", ctx.resource}};
}

Value get_platform_application_attributes(Context& ctx, const Value& input) {
    auto in = application(ctx, input);
    auto reading = in.partition->read();
    Value attributes = in.store.find(reading.db(), kind::application, in.arn.text);
    if (attributes.is_null()) throw topic::no_such_application();
    for (auto secret : secrets) attributes.as_object().erase(secret);
    return Object{{"Attributes", std::move(attributes)}};
}

Value set_platform_application_attributes(Context& ctx, const Value& input) {
    auto in = application(ctx, input);
    auto tx = in.partition->write();
    const Value existing = in.store.find(tx.db(), kind::application, in.arn.text);
    if (existing.is_null()) throw topic::no_such_application();
    in.store.save(tx, kind::application, in.arn.text, merged(existing.as_object(), input.object("Attributes")));
    tx.commit();
    return Object();
}

// What is not there is deleted already; endpoints go with their application.
Value delete_platform_application(Context& ctx, const Value& input) {
    auto in = application(ctx, input);
    auto tx = in.partition->write();
    in.store.remove(tx, kind::application, in.arn.text);
    for (const auto& [arn, attributes] : in.store.documents(tx.db(), kind::endpoint, endpoints_of(in.arn), "",
                                                            every_document)) in.store.remove(tx, kind::endpoint, arn);
    tx.commit();
    return Object();
}

Value list_platform_applications(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<topic::Sent>();
    auto reading = ctx.partition->read();
    Page page = read_page(store, reading.db(), kind::application, "", input, "NextToken");
    Array list;
    for (auto& [arn, attributes] : page.documents) {
        for (auto secret : secrets) attributes.as_object().erase(secret);
        list.push_back(Object{{"PlatformApplicationArn", arn}, {"Attributes", std::move(attributes)}});
    }
    Value out = Object{{"PlatformApplications", std::move(list)}};
    if (page.next) out["NextToken"] = *page.next;
    return out;
}

Value create_platform_endpoint(Context& ctx, const Value& input) {
    auto in = application(ctx, input);
    check_endpoint_attributes(input.object("Attributes"));
    Object attributes = merged({{"Enabled", "true"}, {"Token", input["Token"]}}, input.object("Attributes"));
    if (input.has("CustomUserData")) attributes["CustomUserData"] = input["CustomUserData"];
    const Value wanted = std::move(attributes);

    auto tx = in.partition->write();
    if (in.store.find(tx.db(), kind::application, in.arn.text).is_null()) throw topic::no_such_application();
    const std::string prefix = endpoints_of(in.arn);
    for (const auto& [arn, existing] : in.store.documents(tx.db(), kind::endpoint, prefix, "", every_document)) {
        if (existing.text("Token") != wanted.text("Token")) continue;
        const bool same = existing.text("CustomUserData") == wanted.text("CustomUserData") && existing.text("Enabled") == wanted.text("Enabled");
        if (!same) throw topic::invalid("Token Reason: Endpoint " + arn + " already exists with the same Token, but different attributes.");
        return Object{{"EndpointArn", arn}};
    }
    const std::string arn = prefix + ctx.random.uuid();
    in.store.save(tx, kind::endpoint, arn, wanted);
    tx.commit();
    return Object{{"EndpointArn", arn}};
}

Value get_endpoint_attributes(Context& ctx, const Value& input) {
    auto in = endpoint(ctx, input);
    auto reading = in.partition->read();
    Value attributes = in.store.find(reading.db(), kind::endpoint, in.arn.text);
    if (attributes.is_null()) throw topic::no_such_endpoint();
    return Object{{"Attributes", std::move(attributes)}};
}

Value set_endpoint_attributes(Context& ctx, const Value& input) {
    auto in = endpoint(ctx, input);
    check_endpoint_attributes(input.object("Attributes"));
    auto tx = in.partition->write();
    const Value existing = in.store.find(tx.db(), kind::endpoint, in.arn.text);
    if (existing.is_null()) throw topic::no_such_endpoint();
    in.store.save(tx, kind::endpoint, in.arn.text, merged(existing.as_object(), input.object("Attributes")));
    tx.commit();
    return Object();
}

Value delete_endpoint(Context& ctx, const Value& input) {
    auto in = endpoint(ctx, input);
    auto tx = in.partition->write();
    in.store.remove(tx, kind::endpoint, in.arn.text);
    tx.commit();
    return Object();
}

Value list_endpoints_by_platform_application(Context& ctx, const Value& input) {
    auto in = application(ctx, input);
    auto reading = in.partition->read();
    if (in.store.find(reading.db(), kind::application, in.arn.text).is_null()) throw topic::no_such_application();
    Page page = read_page(in.store, reading.db(), kind::endpoint, endpoints_of(in.arn), input, "NextToken");
    Array list;
    for (auto& [arn, attributes] : page.documents) list.push_back(Object{{"EndpointArn", arn}, {"Attributes", std::move(attributes)}});
    Value out = Object{{"Endpoints", std::move(list)}};
    if (page.next) out["NextToken"] = *page.next;
    return out;
}

}  // namespace virga::sns
