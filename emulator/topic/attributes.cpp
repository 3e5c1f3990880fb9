#include "emulator/topic/attributes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/topic/delivery_policy.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::topic {

namespace {

bool is_flag(std::string_view value) { return iequals(value, "true") || iequals(value, "false"); }

constexpr std::string_view topic_attributes[] = {"ArchivePolicy",       "ContentBasedDeduplication", "DeliveryPolicy", "DisplayName",
                                                 "FifoThroughputScope", "FifoTopic",                 "KmsMasterKeyId", "Policy",
                                                 "SignatureVersion",    "TracingConfig"};
constexpr std::string_view fifo_attributes[] = {"ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"};
constexpr std::string_view feedback_protocols[] = {"HTTP", "Application", "Lambda", "Firehose", "SQS"};
constexpr std::string_view feedback_settings[] = {"SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"};

template <std::size_t n>
bool among(const std::string_view (&list)[n], std::string_view name) {
    return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

// Where the logs of deliveries would go: kept.
bool is_feedback(std::string_view name) {
    for (auto protocol : feedback_protocols)
        if (name.starts_with(protocol) && among(feedback_settings, name.substr(protocol.size()))) return true;
    return false;
}

void check_archive_policy(std::string_view value) {
    if (value.empty() || value == "{}") return;
    Value policy;
    if (!json::try_parse(value, policy)) throw invalid("ArchivePolicy: failed to parse JSON.");
    const std::string period = policy["MessageRetentionPeriod"].is_string() ? std::string(policy.text("MessageRetentionPeriod"))
                                                                             : std::to_string(policy.integer("MessageRetentionPeriod"));
    auto is_digit = [](unsigned char c) { return std::isdigit(c); };
    const bool number = !period.empty() && period.size() < 4 && std::all_of(period.begin(), period.end(), is_digit);
    // "1 to 365 days" (message archiving for FIFO topics).
    if (!number || std::stoi(period) < 1 || std::stoi(period) > 365) throw invalid("ArchivePolicy: MessageRetentionPeriod must be from 1 to 365");
}

void check_dead_letter(std::string_view value, const Topic& topic, const std::string& prefix) {
    if (value.empty()) return;
    Value policy;
    if (!json::try_parse(value, policy) || !policy.is_object()) throw invalid(prefix + "RedrivePolicy: failed to parse JSON.");
    if (policy.as_object().empty()) return;
    auto queue = Arn::parse(policy.text("deadLetterTargetArn"));
    if (!queue || queue->service != "sqs") throw invalid(prefix + "RedrivePolicy: deadLetterTargetArn is an invalid arn");
    if (topic.fifo() && !queue->resource.ends_with(".fifo"))
        throw invalid(prefix + "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.");
}

void check_raw_delivery(std::string_view value, std::string_view protocol, const std::string& prefix) {
    if (!is_flag(value)) throw invalid(fmt::format("{}RawMessageDelivery: Invalid value [{}]. Must be true or false.", prefix, value));
    constexpr std::string_view takes_raw[] = {"sqs", "http", "https", "firehose"};
    if (iequals(value, "true") && !among(takes_raw, protocol))
        throw invalid(fmt::format("{}Delivery protocol [{}] does not support raw message delivery.", prefix, protocol));
}

bool is_arn_of(std::string_view text, std::string_view service, std::string_view resource = {}) {
    auto arn = Arn::parse(text);
    return arn && arn->service == service && arn->resource.starts_with(resource);
}

void check_topic_policy(std::string_view policy) {
    Value document;
    if (!json::try_parse(policy, document) || !document.is_object() || !document.has("Statement")) throw invalid("Policy Error: null");
    const Value& statements = document["Statement"];
    auto check = [](const Value& action) {
        if (!action.is_string() || !starts_with_i(action.as_string(), "sns:")) throw invalid("Policy statement action out of service scope!");
    };
    auto check_statement = [&](const Value& statement) {
        if (statement["Action"].is_string()) check(statement["Action"]);
        for (const Value& action : statement.list("Action")) check(action);
    };
    if (statements.is_object()) check_statement(statements);
    for (const Value& statement : document.list("Statement")) check_statement(statement);
}

}  // namespace

void check_topic_attribute(std::string_view name, std::string_view value, bool fifo, bool creating) {
    if (!among(topic_attributes, name) && !is_feedback(name)) throw invalid("AttributeName");
    if (name == "FifoTopic" && !creating) throw invalid("AttributeName");
    if (!fifo && among(fifo_attributes, name))
        throw invalid(fmt::format("{} Reason: the attribute is valid for FIFO topics only", name));  // form without a source
    const std::string bad = fmt::format("{} Reason: Invalid value [{}]", name, value);  // form without a source
    if ((name == "FifoTopic" || name == "ContentBasedDeduplication") && !is_flag(value)) throw invalid(bad);
    if (name == "FifoThroughputScope" && value != "Topic" && value != "MessageGroup") throw invalid(bad);
    if (name == "SignatureVersion" && value != "1" && value != "2") throw invalid(bad);
    if (name == "TracingConfig" && value != "PassThrough" && value != "Active") throw invalid(bad);
    if (name == "DisplayName" && utf8_length(value) > limits::display_name) throw invalid("DisplayName");
    if (name == "Policy" && !value.empty()) check_topic_policy(value);
    if (name == "DeliveryPolicy") check_delivery_policy(value, true, "");
    if (name == "ArchivePolicy") check_archive_policy(value);
}

void set_topic_attribute(Object& attributes, std::string_view name, std::string_view value) {
    if (value.empty() || (name == "ArchivePolicy" && value == "{}")) attributes.erase(name);
    else attributes[name] = is_flag(value) ? to_lower(value) : std::string(value);
}

std::string default_policy(const Topic& topic, std::string_view account) {
    return fmt::format(R"({{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{{"Sid":"__default_statement_ID","Effect":"Allow",)"
                       R"("Principal":{{"AWS":"*"}},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",)"
                       R"("SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"{}",)"
                       R"("Condition":{{"StringEquals":{{"AWS:SourceOwner":"{}"}}}}}}]}})",
                       topic.arn, account);
}

Object shown_attributes(const Topic& topic, const SubscriptionCounts& counts, std::string_view account) {
    Object out{{"TopicArn", topic.arn},
               {"Owner", account},
               {"DisplayName", ""},
               {"Policy", default_policy(topic, account)},
               {"SubscriptionsConfirmed", std::to_string(counts.confirmed)},
               {"SubscriptionsPending", std::to_string(counts.pending)},
               {"SubscriptionsDeleted", std::to_string(topic.unsubscribed)},
               {"EffectiveDeliveryPolicy", json::write(effective_topic_policy(topic.attribute("DeliveryPolicy")))}};
    if (topic.fifo()) {
        out["FifoTopic"] = "true";
        out["ContentBasedDeduplication"] = "false";
    }
    for (const auto& [name, value] : topic.attributes) out[name] = value;
    return out;
}

void check_subscription_attribute(std::string_view name, std::string_view value, const Topic& topic, const Subscription& s,
                                  const std::string& prefix) {
    if (name == "RawMessageDelivery") return check_raw_delivery(value, s.protocol, prefix);
    if (name == "RedrivePolicy") return check_dead_letter(value, topic, prefix);
    if (name == "DeliveryPolicy") return check_delivery_policy(value, false, prefix);
    if (name == "FilterPolicyScope") {
        if (value != "MessageAttributes" && value != "MessageBody")
            throw invalid(fmt::format("{}FilterPolicyScope: Invalid value [{}]. Please use either MessageBody or MessageAttributes", prefix, value));
        return;
    }
    if (name == "SubscriptionRoleArn") {
        if (!is_arn_of(value, "iam", "role/")) throw invalid(prefix + "SubscriptionRoleArn");
        return;
    }
    if (name == "ReplayPolicy") {
        Value policy;
        if (!topic.fifo() || (!value.empty() && !json::try_parse(value, policy))) throw invalid(prefix + "ReplayPolicy");
        return;
    }
    throw invalid(prefix + "AttributeName");
}

Object shown_attributes(const Subscription& s, const Topic& topic) {
    Object out{{"SubscriptionArn", s.arn},
               {"TopicArn", topic.arn},
               {"Protocol", s.protocol},
               {"Endpoint", s.endpoint},
               {"Owner", s.owner},
               {"SubscriptionPrincipal", "arn:aws:iam::" + s.owner + ":root"},
               {"PendingConfirmation", s.state == SubscriptionState::pending ? "true" : "false"},
               {"ConfirmationWasAuthenticated", s.authenticated ? "true" : "false"},
               {"RawMessageDelivery", "false"}};
    if (is_http(s.protocol))
        out["EffectiveDeliveryPolicy"] = json::write(effective_subscription_policy(topic.attribute("DeliveryPolicy"),
                                                                                   s.attribute("DeliveryPolicy")));
    for (const auto& [name, value] : s.attributes) out[name] = value;
    if (out.contains("FilterPolicy") && !out.contains("FilterPolicyScope")) out["FilterPolicyScope"] = "MessageAttributes";
    return out;
}

void check_endpoint(std::string_view protocol, std::string_view endpoint, const Topic& topic) {
    constexpr std::string_view protocols[] = {"http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"};
    if (!among(protocols, protocol)) throw invalid(fmt::format("Amazon SNS does not support this protocol string: {}", protocol));
    if (is_http(protocol) && !endpoint.starts_with(std::string(protocol) + "://")) throw invalid("Endpoint must match the specified protocol");
    if (protocol == "sqs" && !is_arn_of(endpoint, "sqs")) throw invalid("SQS endpoint ARN");
    if (protocol == "lambda" && !is_arn_of(endpoint, "lambda", "function:")) throw invalid("Lambda endpoint ARN");
    if (protocol == "firehose" && !is_arn_of(endpoint, "firehose", "deliverystream/")) throw invalid("Firehose endpoint ARN");
    if (protocol == "application" && !is_arn_of(endpoint, "sns", "endpoint/")) throw invalid("Application endpoint arn invalid");
    if (protocol == "sms" && !is_phone_number(endpoint)) throw invalid(fmt::format("Invalid SMS endpoint: {}", endpoint));
    if (protocol.starts_with("email") && endpoint.find('@') == std::string_view::npos) throw invalid("Email address");
    if (topic.fifo() && protocol != "sqs") throw invalid("Invalid parameter: Endpoint Reason: Please use FIFO SQS queue");
    if (!topic.fifo() && protocol == "sqs" && endpoint.ends_with(".fifo"))
        throw invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
}

bool confirms_itself(std::string_view protocol) { return !is_http(protocol) && !protocol.starts_with("email"); }
bool is_http(std::string_view protocol) { return protocol == "http" || protocol == "https"; }

bool is_phone_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::size_t digits = 0;
    for (unsigned char c : text) {
        if (std::isdigit(c)) ++digits;
        else if (c != '-' && c != ' ' && c != '(' && c != ')' && c != '.') return false;
    }
    return digits >= 7 && digits <= 15;
}

}  // namespace virga::topic
