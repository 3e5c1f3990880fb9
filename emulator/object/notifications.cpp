#include "emulator/object/notifications.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr std::int64_t give_up_after_ms = 24 * 3600 * 1000;
constexpr std::int64_t longest_wait_ms = 5 * 60 * 1000;

struct BridgeForm {
    std::string_view name, detail_type, reason, deletion_type;
};
// How EventBridge is told what the other destinations know by event name (Using EventBridge, "Event message structure").
constexpr BridgeForm bridge_forms[] = {
    {"ObjectCreated:Put", "Object Created", "PutObject", ""},
    {"ObjectCreated:Post", "Object Created", "POST Object", ""},
    {"ObjectCreated:Copy", "Object Created", "CopyObject", ""},
    {"ObjectCreated:CompleteMultipartUpload", "Object Created", "CompleteMultipartUpload", ""},
    {"ObjectRemoved:Delete", "Object Deleted", "DeleteObject", "Permanently Deleted"},
    {"ObjectRemoved:DeleteMarkerCreated", "Object Deleted", "DeleteObject", "Delete Marker Created"},
    {"ObjectTagging:Put", "Object Tags Added", "", ""},
    {"ObjectTagging:Delete", "Object Tags Deleted", "", ""},
};

// Hex digits that sort as text the way the events of a key followed each other.
std::string sequencer(std::int64_t seq) { return fmt::format("{:018X}", seq); }

// Form encoding: space is '+', '/' stays.
std::string form_encode(std::string_view key) {
    std::string out;
    for (std::size_t at = 0; at < key.size();) {
        std::size_t end = std::min(key.find(' ', at), key.size());
        out += percent_encode(key.substr(at, end - at), true);
        if (end < key.size()) out += '+';
        at = end + 1;
    }
    return out;
}

Value bridge_entry(const Bucket& bucket, const ObjectEvent& e, const Cause& cause, const BridgeForm& form) {
    Object object{{"key", e.key}};
    if (e.has_body) object.append("size", e.size);
    if (e.has_body) object.append("etag", e.etag);
    if (!e.version_id.empty()) object.append("version-id", e.version_id);
    object.append("sequencer", sequencer(e.seq));
    Object detail{{"version", "0"}, {"bucket", Object{{"name", bucket.name}}}, {"object", std::move(object)}, {"request-id", cause.request_id},
                  {"requester", cause.account}, {"source-ip-address", cause.source_ip}};
    if (!form.reason.empty()) detail.append("reason", form.reason);
    if (!form.deletion_type.empty()) detail.append("deletion-type", form.deletion_type);
    return Object{{"Source", "aws.s3"}, {"DetailType", form.detail_type}, {"Detail", json::write(Value(std::move(detail)))},
                  {"Resources", Array{bucket_arn(bucket.name)}}, {"Time", iso8601(cause.now, false)}};
}

std::string record_document(const Bucket& bucket, const ObjectEvent& e, const Cause& cause, const PartitionId& home, std::string_view rule_id) {
    Object object{{"key", form_encode(e.key)}};
    if (e.has_body) object.append("size", e.size);
    if (e.has_body) object.append("eTag", e.etag);
    if (!e.version_id.empty()) object.append("versionId", e.version_id);
    object.append("sequencer", sequencer(e.seq));
    std::string owner = owner_id(home.account).substr(0, 14);
    std::transform(owner.begin(), owner.end(), owner.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    bool newer = e.name.starts_with("ObjectTagging");
    Object record{
        {"eventVersion", newer ? "2.3" : "2.1"},
        {"eventSource", "aws:s3"},
        {"awsRegion", home.region},
        {"eventTime", iso8601(cause.now, true)},
        {"eventName", e.name},
        {"userIdentity", Object{{"principalId", cause.principal}}},
        {"requestParameters", Object{{"sourceIPAddress", cause.source_ip}}},
        {"responseElements", Object{{"x-amz-request-id", cause.request_id}, {"x-amz-id-2", cause.host_id}}},
        {"s3", Object{{"s3SchemaVersion", "1.0"},
                      {"configurationId", rule_id},
                      {"bucket", Object{{"name", bucket.name}, {"ownerIdentity", Object{{"principalId", owner}}}, {"arn", bucket_arn(bucket.name)}}},
                      {"object", std::move(object)}}},
    };
    return json::write(Value(Object{{"Records", Array{Value(std::move(record))}}}));
}

void enqueue(Transaction& tx, const Bucket& bucket, const std::string& destination, Value call, const Cause& cause) {
    NewJob job;
    job.kind = notify_job;
    job.resource = bucket_arn(bucket.name);
    job.payload = json::write(call);
    job.lane = "s3.notify:" + bucket.name + ":" + destination;  // in the order the events were committed
    job.trace = cause.trace;
    tx.enqueue(std::move(job));
}

// arn:aws:<service>:<region>:<account>:<resource>
struct Arn {
    std::string service, region, account, resource;
};
Arn parse_arn(std::string_view arn) {
    Arn a;
    std::string* fields[] = {nullptr, nullptr, &a.service, &a.region, &a.account};
    for (std::string* field : fields) {
        std::size_t colon = arn.find(':');
        if (colon == std::string_view::npos) return {};
        if (field) *field = std::string(arn.substr(0, colon));
        arn.remove_prefix(colon + 1);
    }
    a.resource = std::string(arn);
    return a;
}

// The call that hands a message to a queue or function.
std::optional<Value> delivery(const std::string& arn, const std::string& message, const std::string& endpoint) {
    Arn a = parse_arn(arn);
    Object call{{"account", a.account}, {"region", a.region}};
    if (a.service == "sqs") {
        call.append("service", "sqs");
        call.append("operation", "SendMessage");
        call.append("input", Object{{"QueueUrl", endpoint + "/" + a.account + "/" + a.resource}, {"MessageBody", message}});
    } else if (a.service == "lambda") {
        call.append("service", "lambda");
        call.append("operation", "Invoke");
        call.append("input", Object{{"FunctionName", arn}, {"InvocationType", "Event"}});
        call.append("payload", message);
    } else {
        return std::nullopt;
    }
    return Value(std::move(call));
}

// Each kind of rule with the member that names its destination.
struct RuleKind {
    std::string_view list, arn;
};
constexpr RuleKind rule_kinds[] = {{"QueueConfigurations", "QueueArn"}, {"LambdaFunctionConfigurations", "LambdaFunctionArn"}};

}  // namespace

ObjectEvent created_event(std::string_view name, const Bucket& bucket, const Version& v) {
    return {name, v.key, bucket.versioning == Versioning::enabled ? v.version_id : std::string(), v.seq, true, v.size, v.etag};
}

ObjectEvent removed_event(const Bucket& bucket, std::string_view key, const Deletion& d) {
    ObjectEvent e;
    e.name = d.removed ? "ObjectRemoved:Delete" : "ObjectRemoved:DeleteMarkerCreated";
    e.key = std::string(key);
    if (bucket.versioning != Versioning::never) e.version_id = d.version_id;
    e.seq = d.seq;
    return e;
}

bool rule_matches(const Value& rule, std::string_view event_name, std::string_view key) {
    bool wanted = false;
    for (const Value& event : rule.list("Events")) {
        std::string_view name = event.as_string();
        if (name.starts_with("s3:")) name.remove_prefix(3);
        wanted |= name == event_name || (name.ends_with(":*") && event_name.starts_with(name.substr(0, name.size() - 1)));
    }
    if (!wanted) return false;
    for (const Value& filter : rule["Filter"]["Key"].list("FilterRules")) {
        std::string_view value = filter.text("Value");
        if (iequals(filter.text("Name"), "prefix") ? !key.starts_with(value) : !key.ends_with(value)) return false;
    }
    return true;
}

void record_event(Transaction& tx, const Bucket& bucket, const ObjectEvent& event, const Cause& cause) {
    if (bucket.notification.empty()) return;
    Value configuration = json::parse(bucket.notification);
    const PartitionId& home = tx.partition().id();
    if (configuration.has("EventBridgeConfiguration")) {
        for (const BridgeForm& form : bridge_forms) {
            if (form.name != event.name) continue;
            Object input{{"Entries", Array{bridge_entry(bucket, event, cause, form)}}};
            enqueue(tx, bucket, "events",
                    Object{{"account", home.account}, {"region", home.region}, {"service", "events"}, {"operation", "PutEvents"}, {"input", std::move(input)}}, cause);
        }
    }
    for (const RuleKind& kind : rule_kinds) {
        for (const Value& rule : configuration.list(kind.list)) {
            if (!rule_matches(rule, event.name, event.key)) continue;
            std::string arn(rule.text(kind.arn));
            std::string message = record_document(bucket, event, cause, home, rule.text("Id"));
            if (auto call = delivery(arn, message, tx.partition().world().options.endpoint)) enqueue(tx, bucket, arn, std::move(*call), cause);
        }
    }
}

void record_test_events(Transaction& tx, const Bucket& bucket, const Value& configuration, const Cause& cause) {
    std::string message = json::write(Value(Object{{"Service", "Amazon S3"},
                                                   {"Event", "s3:TestEvent"},
                                                   {"Time", iso8601(cause.now, true)},
                                                   {"Bucket", bucket.name},
                                                   {"RequestId", cause.request_id},
                                                   {"HostId", cause.host_id}}));
    for (const Value& rule : configuration.list("QueueConfigurations")) {
        std::string arn(rule.text("QueueArn"));
        if (auto call = delivery(arn, message, tx.partition().world().options.endpoint)) enqueue(tx, bucket, arn, std::move(*call), cause);
    }
}

Task<JobOutcome> deliver_notification(std::shared_ptr<Partition> partition, Job job) {
    World& world = partition->world();
    Value payload = json::parse(job.payload);
    Value input = payload["input"];
    PartitionId target{std::string(payload.text("account")), std::string(payload.text("region"))};
    if (payload.text("service") == "events") {
        for (Value& entry : input["Entries"].as_array())
            if (auto time = parse_iso8601(entry.text("Time"))) entry["Time"] = Timestamp{*time};
    }
    // A payload is a blob that JSON cannot hold as such.
    if (payload.has("payload")) input["Payload"] = Bytes{std::string(payload.text("payload"))};
    Call call = service_call(std::string(payload.text("service")), std::string(payload.text("operation")), target, "s3.amazonaws.com", std::move(input), job.trace);
    Reply reply = co_await world.calls->call(std::move(call));
    if (!reply.error) co_return JobOutcome::finished();
    bool worth_trying = reply.error->status >= 500 ? reply.error->status != 501 : reply.error->status == 429;
    TimeMs now = world.clock.now();
    if (!worth_trying || now - job.created > give_up_after_ms) co_return JobOutcome::finished();
    std::int64_t wait = std::min<std::int64_t>(longest_wait_ms, std::int64_t{1000} << std::min(job.attempt - 1, 20));
    co_return JobOutcome::retry(now + wait);
}

void check_notification_rules(Value& configuration, Random& random) {
    for (const RuleKind& kind : rule_kinds) {
        Value* rules = configuration.is_object() ? configuration.as_object().find(kind.list) : nullptr;
        if (!rules || !rules->is_array()) continue;
        for (Value& rule : rules->as_array()) {
            if (parse_arn(rule.text(kind.arn)).resource.empty()) throw errors::invalid_argument("The ARN could not be parsed", kind.arn, rule.text(kind.arn));
            int prefixes = 0, suffixes = 0;
            for (const Value& filter : rule["Filter"]["Key"].list("FilterRules")) {
                bool prefix = iequals(filter.text("Name"), "prefix"), suffix = iequals(filter.text("Name"), "suffix");
                if (!prefix && !suffix) throw errors::invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", filter.text("Name"));
                if ((prefix && ++prefixes > 1) || (suffix && ++suffixes > 1))
                    throw errors::invalid_argument(prefix ? "Cannot specify more than one prefix rule in a filter." : "Cannot specify more than one suffix rule in a filter.",
                                                   "FilterRule.Name", filter.text("Name"));
            }
            if (rule.text("Id").empty()) rule["Id"] = random.uuid();
        }
    }
}

}  // namespace virga::object
