#include "emulator/queue/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "emulator/base/arn.hpp"
#include "emulator/base/json.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"

namespace virga::queue {

namespace {

enum class Form { integer, boolean, text, policy, redrive, redrive_allow, scope, throughput };

struct Attribute {
    std::string_view name;
    Form form;
    std::int64_t low = 0, high = 0;
    const char* otherwise = nullptr;  // default; null: not listed while unset
    bool fifo_only = false;
};

constexpr auto default_size = "1048576", default_retention = "345600";

constexpr std::array<Attribute, 15> attributes{{
    {"VisibilityTimeout", Form::integer, 0, limits::max_visibility_s, "30"},
    {"MaximumMessageSize", Form::integer, limits::min_message_size, limits::max_message_size, default_size},
    {"MessageRetentionPeriod", Form::integer, limits::min_retention_s, limits::max_retention_s, default_retention},
    {"DelaySeconds", Form::integer, 0, limits::max_delay_s, "0"},
    {"ReceiveMessageWaitTimeSeconds", Form::integer, 0, limits::max_wait_s, "0"},
    {"Policy", Form::policy},
    {"RedrivePolicy", Form::redrive},
    {"RedriveAllowPolicy", Form::redrive_allow},
    {"KmsMasterKeyId", Form::text},
    {"KmsDataKeyReusePeriodSeconds", Form::integer, limits::min_key_reuse_s, limits::max_key_reuse_s},
    {"SqsManagedSseEnabled", Form::boolean, 0, 0, "true"},
    {"FifoQueue", Form::boolean, 0, 0, nullptr, true},
    {"ContentBasedDeduplication", Form::boolean, 0, 0, "false", true},
    {"DeduplicationScope", Form::scope, 0, 0, "queue", true},
    {"FifoThroughputLimit", Form::throughput, 0, 0, "perQueue", true},
}};

const Attribute* find_attribute(std::string_view name) {
    for (const auto& a : attributes)
        if (a.name == name) return &a;
    return nullptr;
}

bool name_characters(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string normal_redrive(std::string_view text) {
    Value policy;
    if (!json::try_parse(text, policy) || !policy.is_object()) throw invalid_redrive_policy(text, "Redrive policy is not a valid JSON map.");
    if (!policy.has("deadLetterTargetArn"))
        throw invalid_redrive_policy(text, "Redrive policy does not contain mandatory attribute: deadLetterTargetArn.");
    if (!policy.has("maxReceiveCount"))
        throw invalid_redrive_policy(text, "Redrive policy does not contain mandatory attribute: maxReceiveCount.");
    const Value& count = policy["maxReceiveCount"];
    std::string written = count.is_string() ? count.as_string() : json::write(count);
    auto n = decimal(written, 1, limits::max_receive_count);
    if (!n)
        throw invalid_redrive_policy(text, "Invalid value for maxReceiveCount: " + written + ", valid values are from 1 to 1000 both inclusive.");
    if (!policy["deadLetterTargetArn"].is_string() || !parse_queue_arn(policy["deadLetterTargetArn"].as_string()))
        throw invalid_redrive_policy(text, "Invalid value for deadLetterTargetArn.");
    for (const auto& member : policy.as_object())
        if (member.name != "deadLetterTargetArn" && member.name != "maxReceiveCount")
            throw invalid_redrive_policy(text, "Invalid redrive policy attribute: " + member.name + ".");
    return json::write(Object{{"deadLetterTargetArn", policy["deadLetterTargetArn"]}, {"maxReceiveCount", *n}});
}

void check_redrive_allow(std::string_view text) {
    Value policy;
    if (!json::try_parse(text, policy) || !policy.is_object())
        throw invalid_redrive_allow_policy(text, "Redrive allow policy is not a valid JSON map.");
    auto permission = policy.text("redrivePermission");
    if (permission != "allowAll" && permission != "denyAll" && permission != "byQueue")
        throw invalid_redrive_allow_policy(text, "Invalid value for redrivePermission.");
    std::size_t sources = policy.list("sourceQueueArns").size();
    if ((permission == "byQueue") != (sources > 0) || sources > limits::max_source_queues)
        throw invalid_redrive_allow_policy(text, "Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.");
}

std::string checked_value(const Attribute& a, const std::string& value) {
    switch (a.form) {
        case Form::integer:
            if (!decimal(value, a.low, a.high)) throw invalid_attribute_value(a.name);
            break;
        case Form::boolean:
            if (value != "true" && value != "false") throw invalid_attribute_value(a.name);
            break;
        case Form::scope:
            if (value != "queue" && value != "messageGroup") throw invalid_attribute_value(a.name);
            break;
        case Form::throughput:
            if (value != "perQueue" && value != "perMessageGroupId") throw invalid_attribute_value(a.name);
            break;
        case Form::policy: {
            Value policy;
            if (!json::try_parse(value, policy) || !policy.is_object()) throw invalid_attribute_value(a.name);
            break;
        }
        case Form::redrive: return normal_redrive(value);
        case Form::redrive_allow: check_redrive_allow(value); break;
        case Form::text: break;
    }
    return value;
}

}  // namespace

std::optional<std::int64_t> decimal(std::string_view text, std::int64_t low, std::int64_t high) {
    std::int64_t n = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size() || n < low || n > high) return std::nullopt;
    return n;
}

bool is_queue_name(std::string_view name) { return !name.empty() && name.size() <= 80 && name_characters(name); }

bool is_fifo_queue_name(std::string_view name) {
    return name.size() > 5 && name.size() <= 80 && name.ends_with(".fifo") && name_characters(name.substr(0, name.size() - 5));
}

Object checked_attributes(const Object& given, bool fifo, bool creating) {
    Object kept;
    for (const auto& [name, value] : given) {
        const Attribute* a = find_attribute(name);
        if (!a || (a->fifo_only && !fifo) || (a->name == "FifoQueue" && !creating)) throw unknown_attribute(name);
        const std::string& text = value.as_string();
        // "" takes a policy or key away; for numbers it is a value out of range.
        bool removes = text.empty() && (a->form == Form::policy || a->form == Form::redrive || a->form == Form::redrive_allow || a->form == Form::text);
        if (removes) kept.append(name, nullptr);
        else kept.append(name, checked_value(*a, text));
    }
    return kept;
}

std::optional<std::string> default_attribute(std::string_view name, bool fifo) {
    const Attribute* a = find_attribute(name);
    if (!a || !a->otherwise || (a->fifo_only && !fifo)) return std::nullopt;
    return a->otherwise;
}

Object effective_attributes(const Object& set, bool fifo) {
    Object all;
    for (const auto& a : attributes) {
        const Value* value = set.find(a.name);
        if (value && value->is_string()) {
            all.append(std::string(a.name), *value);
        } else if (a.name == "SqsManagedSseEnabled" && set.contains("KmsMasterKeyId")) {
            all.append("SqsManagedSseEnabled", "false");  // one way of encryption excludes the other
        } else if (a.name == "KmsDataKeyReusePeriodSeconds" && set.contains("KmsMasterKeyId")) {
            all.append("KmsDataKeyReusePeriodSeconds", std::to_string(limits::default_key_reuse_s));
        } else if (auto otherwise = default_attribute(a.name, fifo)) {
            all.append(std::string(a.name), *otherwise);
        }
    }
    return all;
}

Settings parse_settings(const Object& set, bool fifo) {
    Value all = effective_attributes(set, fifo);
    auto number = [&](const char* name) { return decimal(all.text(name), 0, INT64_MAX).value_or(0); };
    Settings s;
    s.delay_ms = number("DelaySeconds") * 1000;
    s.max_message_size = number("MaximumMessageSize");
    s.retention_ms = number("MessageRetentionPeriod") * 1000;
    s.wait_s = number("ReceiveMessageWaitTimeSeconds");
    s.visibility_ms = number("VisibilityTimeout") * 1000;
    s.fifo = fifo;
    s.content_dedup = all.text("ContentBasedDeduplication") == "true";
    s.dedup_per_group = all.text("DeduplicationScope") == "messageGroup";
    Value policy;
    if (all.has("RedrivePolicy") && json::try_parse(all.text("RedrivePolicy"), policy)) {
        DeadLetter d;
        d.target_arn = policy.text("deadLetterTargetArn");
        if (auto arn = parse_queue_arn(d.target_arn)) d.target_name = arn->name;
        d.max_receive_count = policy.integer("maxReceiveCount");
        s.dead_letter = d;
    }
    return s;
}

std::optional<QueueArn> parse_queue_arn(std::string_view arn) {
    auto parsed = Arn::parse(arn);
    if (!parsed || parsed->service != "sqs" || parsed->region.empty() || parsed->account.empty()) return std::nullopt;
    if (parsed->resource.find(':') != std::string::npos) return std::nullopt;
    return QueueArn{parsed->region, parsed->account, parsed->resource};
}

}  // namespace virga::queue
