#include "apis/s3/configuration_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "emulator/object/acl.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

using namespace object;

namespace {

bool one_wildcard(std::string_view text) { return std::count(text.begin(), text.end(), '*') <= 1; }

void check_cors_rule(const Value& rule) {
    if (rule.text("ID").size() > max_rule_id) throw errors::invalid_argument("ID length should not exceed allowed limit of 255", "ID", rule.text("ID"));
    if (rule.list("AllowedMethods").empty() || rule.list("AllowedOrigins").empty()) throw errors::malformed_xml();
    for (const Value& method : rule.list("AllowedMethods")) {
        std::string_view m = method.as_string();
        if (m != "GET" && m != "PUT" && m != "POST" && m != "DELETE" && m != "HEAD")
            throw errors::invalid_request("Found unsupported HTTP method in CORS config. Unsupported method is " + std::string(m));
    }
    for (const Value& origin : rule.list("AllowedOrigins"))
        if (!one_wildcard(origin.as_string())) throw errors::invalid_request(fmt::format("AllowedOrigin \"{}\" can not have more than one wildcard.", origin.as_string()));
    for (const Value& name : rule.list("AllowedHeaders"))
        if (!one_wildcard(name.as_string())) throw errors::invalid_request(fmt::format("AllowedHeader \"{}\" can not have more than one wildcard.", name.as_string()));
    for (const Value& name : rule.list("ExposeHeaders"))
        if (name.as_string().find('*') != std::string::npos)
            throw errors::invalid_request(fmt::format("ExposeHeader \"{}\" contains wildcard. We currently do not support wildcard for ExposeHeader.", name.as_string()));
}

int status_code(std::string_view text) {
    int n = 0;
    auto r = std::from_chars(text.data(), text.data() + text.size(), n);
    return r.ec == std::errc() && r.ptr == text.data() + text.size() ? n : 0;
}

void check_protocol(std::string_view protocol) {
    if (!protocol.empty() && protocol != "http" && protocol != "https")
        throw errors::invalid_request("Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.");
}

void check_routing_rule(const Value& rule) {
    const Value& redirect = rule["Redirect"];
    if (!redirect.is_object() || redirect.as_object().empty()) throw errors::malformed_xml();
    check_protocol(redirect.text("Protocol"));
    if (redirect.has("ReplaceKeyWith") && redirect.has("ReplaceKeyPrefixWith"))
        throw errors::invalid_request("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
    if (redirect.has("HttpRedirectCode")) {
        int code = status_code(redirect.text("HttpRedirectCode"));
        if (code < 301 || code > 399)
            throw errors::invalid_request(fmt::format("The provided HTTP redirect code ({}) is not valid. Valid codes are 3XX except 300.", redirect.text("HttpRedirectCode")));
    }
    if (!rule.has("Condition")) return;
    const Value& condition = rule["Condition"];
    if (!condition.has("KeyPrefixEquals") && !condition.has("HttpErrorCodeReturnedEquals"))
        throw errors::invalid_request("Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.");
    if (condition.has("HttpErrorCodeReturnedEquals")) {
        int code = status_code(condition.text("HttpErrorCodeReturnedEquals"));
        if (code < 400 || code > 599)
            throw errors::invalid_request(fmt::format("The provided HTTP error code ({}) is not valid. Valid codes are 4XX or 5XX.", condition.text("HttpErrorCodeReturnedEquals")));
    }
}

}  // namespace

void check_cors(Context&, const Value&, Value& configuration) {
    const Array& rules = configuration.list("CORSRules");
    if (rules.empty()) throw errors::malformed_xml();
    if (rules.size() > max_cors_rules) throw errors::invalid_request("The number of CORS rules should not exceed allowed limit of 100 rules.");
    for (const Value& rule : rules) check_cors_rule(rule);
}

void check_encryption(Context&, const Value&, Value& configuration) {
    if (configuration.list("Rules").size() != 1) throw errors::malformed_xml();
    Value& rule = configuration["Rules"].as_array().front();
    const Value& by_default = rule["ApplyServerSideEncryptionByDefault"];
    std::string_view algorithm = by_default.text("SSEAlgorithm");
    if (algorithm.empty() && !rule.has("BlockedEncryptionTypes")) throw errors::malformed_xml();
    if (algorithm == "AES256" && by_default.has("KMSMasterKeyID"))
        throw errors::invalid_argument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "ApplyServerSideEncryptionByDefault", "");
    if (algorithm.empty()) rule["ApplyServerSideEncryptionByDefault"] = Object{{"SSEAlgorithm", "AES256"}};
    if (!rule.has("BucketKeyEnabled")) rule["BucketKeyEnabled"] = false;
}

void check_access_block(Context&, const Value&, Value& configuration) {
    configuration = access_block_document(configuration);
}

void check_accelerate(Context&, const Value& input, Value& configuration) {
    if (configuration.text("Status").empty()) throw errors::malformed_xml();
    if (input.text("Bucket").find('.') != std::string_view::npos)
        throw errors::invalid_request("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
}

void check_logging(Context& ctx, const Value& input, Value& configuration) {
    if (!configuration.has("LoggingEnabled")) return;
    std::string target(configuration["LoggingEnabled"].text("TargetBucket"));
    auto home = ctx.world.directory->find("bucket", target);
    auto source = ctx.world.directory->find("bucket", std::string(input.text("Bucket")));
    if (!home) throw errors::invalid_target_bucket("The target bucket for logging does not exist", target);
    if (source && home->account != source->account)
        throw errors::invalid_target_bucket("The owner for the bucket to be logged and the target bucket must be the same.", target);
    if (source && home->region != source->region)
        throw errors::cross_location_logging(home->region, source->region);
    if (configuration["LoggingEnabled"].list("TargetGrants").empty()) configuration["LoggingEnabled"].as_object().erase("TargetGrants");
}

void check_website(Context&, const Value&, Value& configuration) {
    if (configuration.has("RedirectAllRequestsTo")) {
        if (configuration.has("IndexDocument") || configuration.has("ErrorDocument") || configuration.has("RoutingRules"))
            throw errors::invalid_argument("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.", "RedirectAllRequestsTo", "not null");
        if (configuration["RedirectAllRequestsTo"].text("HostName").empty()) throw errors::malformed_xml();
        return check_protocol(configuration["RedirectAllRequestsTo"].text("Protocol"));
    }
    if (!configuration.has("IndexDocument"))
        throw errors::invalid_argument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty", "IndexDocument", "null");
    std::string_view suffix = configuration["IndexDocument"].text("Suffix");
    if (suffix.empty() || suffix.find('/') != std::string_view::npos) throw errors::invalid_argument("The IndexDocument Suffix is not well formed", "IndexDocument", suffix);
    if (configuration.has("ErrorDocument") && configuration["ErrorDocument"].text("Key").empty())
        throw errors::invalid_argument("The ErrorDocument Key is not well formed", "ErrorDocument", "");
    const Array& rules = configuration.list("RoutingRules");
    if (configuration.has("RoutingRules") && rules.empty()) throw errors::malformed_xml();
    if (rules.size() > max_routing_rules)
        throw errors::invalid_request(fmt::format("{} routing rules provided, the number of routing rules in a website configuration is limited to 50.", rules.size()));
    for (const Value& rule : rules) check_routing_rule(rule);
}

}  // namespace virga::s3
