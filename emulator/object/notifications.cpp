#include "emulator/object/notifications.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/world/retry.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace {

constexpr std::int64_t give_up_after_ms = 24 * 3600 * 1000;
constexpr Backoff backoff{1'000, 300'000};

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
    {"LifecycleExpiration:Delete", "Object Deleted", "Lifecycle Expiration", "Permanently Deleted"},
    {"LifecycleExpiration:DeleteMarkerCreated", "Object Deleted", "Lifecycle Expiration", "Delete Marker Created"},
    {"LifecycleTransition", "Object Storage Class Changed", "", ""},
    {"ObjectRestore:Post", "Object Restore Initiated", "", ""},
    {"ObjectRestore:Completed", "Object Restore Completed", "", ""},
    {"ObjectRestore:Delete", "Object Restore Expired", "", ""},
    {"ObjectAcl:Put", "Object ACL Updated", "", ""},
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
                  {"requester", cause.account}};
    if (cause.source_ip != cause.account) detail.append("source-ip-address", cause.source_ip);  // the service itself has no address
    if (!e.storage_class.empty()) detail.append(e.name == "LifecycleTransition" ? "destination-storage-class" : "source-storage-class", e.storage_class);
    if (e.expires) detail.append("restore-expiry-time", iso8601(e.expires));
    if (!form.reason.empty()) detail.append("reason", form.reason);
    if (!form.deletion_type.empty()) detail.append("deletion-type", form.deletion_type);
    return Object{{"Source", "aws.s3"}, {"DetailType", form.detail_type}, {"Detail", json::write(Value(std::move(detail)))},
                  {"Resources", Array{bucket_arn(bucket.name)}}, {"Time", iso8601(cause.now, false)}};
}

// Event message structure, "eventVersion": 2.2 for replication, 2.3 for lifecycle, tiering, ACL, tagging and the end of a restored copy, 2.1 for the rest.
std::string_view event_version(std::string_view name) {
    if (name.starts_with("Replication:")) return "2.2";
    for (std::string_view newer : {"Lifecycle", "IntelligentTiering", "ObjectAcl:", "ObjectTagging:", "ObjectRestore:Delete"})
        if (name.starts_with(newer)) return "2.3";
    return "2.1";
}

std::string record_document(const Bucket& bucket, const ObjectEvent& e, const Cause& cause, const PartitionId& home, std::string_view rule_id) {
    Object object{{"key", form_encode(e.key)}};
    if (e.has_body) object.append("size", e.size);
    if (e.has_body) object.append("eTag", e.etag);
    if (!e.version_id.empty()) object.append("versionId", e.version_id);
    object.append("sequencer", sequencer(e.seq));
    std::string owner = owner_id(home.account).substr(0, 14);
    std::transform(owner.begin(), owner.end(), owner.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    Object record{
        {"eventVersion", event_version(e.name)},
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
    if (e.name == "LifecycleTransition")
        record.append("lifecycleEventData", Object{{"transitionEventData", Object{{"destinationStorageClass", e.storage_class}}}});
    if (e.expires)
        record.append("glacierEventData", Object{{"restoreEventData", Object{{"lifecycleRestorationExpiryTime", iso8601(e.expires, true)}, {"lifecycleRestoreStorageClass", e.storage_class}}}});
    if (!e.replication.empty()) record.append("replicationEventData", e.replication);
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

// The call that hands a message to a queue, topic or function.
std::optional<Value> delivery(const std::string& arn, const std::string& message, const std::string& endpoint) {
    Arn a = Arn::parse(arn).value_or(Arn{});
    Object call{{"account", a.account}, {"region", a.region}};
    if (a.service == "sqs") {
        call.append("service", "sqs");
        call.append("operation", "SendMessage");
        call.append("input", Object{{"QueueUrl", endpoint + "/" + a.account + "/" + a.resource}, {"MessageBody", message}});
    } else if (a.service == "sns") {
        call.append("service", "sns");
        call.append("operation", "Publish");
        call.append("input", Object{{"TopicArn", arn}, {"Message", message}, {"Subject", "Amazon S3 Notification"}});
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
constexpr RuleKind rule_kinds[] = {{"TopicConfigurations", "TopicArn"}, {"QueueConfigurations", "QueueArn"}, {"LambdaFunctionConfigurations", "LambdaFunctionArn"}};

// Supported event types for SQS, SNS and Lambda.
constexpr std::string_view event_names[] = {
    "ReducedRedundancyLostObject", "ObjectCreated:*", "ObjectCreated:Put", "ObjectCreated:Post", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload",
    "ObjectRemoved:*", "ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated", "ObjectRestore:*", "ObjectRestore:Post", "ObjectRestore:Completed",
    "ObjectRestore:Delete", "Replication:*", "Replication:OperationFailedReplication", "Replication:OperationNotTracked",
    "Replication:OperationMissedThreshold", "Replication:OperationReplicatedAfterThreshold", "ObjectTagging:*", "ObjectTagging:Put", "ObjectTagging:Delete",
    "ObjectAcl:Put", "LifecycleExpiration:*", "LifecycleExpiration:Delete", "LifecycleExpiration:DeleteMarkerCreated", "LifecycleTransition",
    "IntelligentTiering", "ObjectAnnotation:*", "ObjectAnnotation:Put", "ObjectAnnotation:Delete"};

std::string_view plain_name(std::string_view event) {
    if (event.starts_with("s3:")) event.remove_prefix(3);
    return event;
}

bool names_overlap(std::string_view a, std::string_view b) {
    if (a.ends_with('*')) return b.starts_with(a.substr(0, a.size() - 1));
    return a == b || (b.ends_with('*') && a.starts_with(b.substr(0, b.size() - 1)));
}

std::string filter_value(const Value& rule, std::string_view name) {
    for (const Value& filter : rule["Filter"]["Key"].list("FilterRules"))
        if (iequals(filter.text("Name"), name)) return std::string(filter.text("Value"));
    return {};
}

// Whether some key and event would be told by both.
bool rules_overlap(const Value& a, const Value& b) {
    bool events = false;
    for (const Value& x : a.list("Events"))
        for (const Value& y : b.list("Events")) events |= names_overlap(plain_name(x.as_string()), plain_name(y.as_string()));
    std::string pa = filter_value(a, "prefix"), pb = filter_value(b, "prefix"), sa = filter_value(a, "suffix"), sb = filter_value(b, "suffix");
    return events && (pa.starts_with(pb) || pb.starts_with(pa)) && (sa.ends_with(sb) || sb.ends_with(sa));
}

void check_rule(Value& rule, std::string_view arn_member, Random& random) {
    if (!Arn::parse(rule.text(arn_member))) throw errors::invalid_argument("The ARN could not be parsed", arn_member, rule.text(arn_member));
    if (rule.list("Events").empty()) throw errors::malformed_xml();
    for (const Value& event : rule.list("Events")) {
        std::string_view name = event.as_string();
        if (!name.starts_with("s3:") || std::find(std::begin(event_names), std::end(event_names), plain_name(name)) == std::end(event_names))
            throw errors::invalid_argument("The event is not supported for notifications", "Event", name);
    }
    int prefixes = 0, suffixes = 0;
    if (!std::as_const(rule)["Filter"]["Key"].list("FilterRules").empty()) {
        for (Value& filter : rule["Filter"]["Key"]["FilterRules"].as_array()) {
            bool prefix = iequals(filter.text("Name"), "prefix"), suffix = iequals(filter.text("Name"), "suffix");
            if (!prefix && !suffix) throw errors::invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", filter.text("Name"));
            if ((prefix && ++prefixes > 1) || (suffix && ++suffixes > 1))
                throw errors::invalid_argument(prefix ? "Cannot specify more than one prefix rule in a filter." : "Cannot specify more than one suffix rule in a filter.",
                                               "FilterRule.Name", filter.text("Name"));
            if (filter.text("Value").size() > max_key_bytes)
                throw errors::invalid_argument("Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation", "FilterRule.Value", filter.text("Value"));
            filter["Name"] = prefix ? "Prefix" : "Suffix";  // as the service gives it back
        }
    }
    if (rule.text("Id").empty()) rule["Id"] = random.uuid();
}

}  // namespace

ObjectEvent created_event(std::string_view name, const Bucket& bucket, const Version& v) {
    return {name, v.key, bucket.versioning == Versioning::enabled ? v.version_id : std::string(), v.seq, true, v.size, v.etag};
}

ObjectEvent changed_event(std::string_view name, const Bucket& bucket, const Version& v) {
    ObjectEvent e = created_event(name, bucket, v);
    if (bucket.versioning == Versioning::suspended) e.version_id = v.version_id;
    return e;
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
    for (const RuleKind& kind : rule_kinds) {
        if (kind.list.starts_with("Lambda")) continue;  // functions are not told
        for (const Value& rule : configuration.list(kind.list)) {
            std::string arn(rule.text(kind.arn));
            if (auto call = delivery(arn, message, tx.partition().world().options.endpoint)) enqueue(tx, bucket, arn, std::move(*call), cause);
        }
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
    TimeMs now = world.clock.now();
    if (!may_pass(*reply.error) || now - job.created > give_up_after_ms) co_return JobOutcome::finished();
    co_return JobOutcome::retry(now + backoff.after(job.attempt));
}

void check_notification_rules(Value& configuration, Random& random) {
    std::vector<const Value*> all;
    for (const RuleKind& kind : rule_kinds) {
        Value* rules = configuration.is_object() ? configuration.as_object().find(kind.list) : nullptr;
        if (!rules || !rules->is_array()) continue;
        for (Value& rule : rules->as_array()) {
            check_rule(rule, kind.arn, random);
            all.push_back(&rule);
        }
    }
    std::set<std::string_view> ids;
    for (const Value* rule : all)
        if (!ids.insert(rule->text("Id")).second) throw errors::invalid_argument("Same ID used for multiple configurations. IDs must be unique", "Id", rule->text("Id"));
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = i + 1; j < all.size(); ++j)
            if (rules_overlap(*all[i], *all[j]))
                throw errors::invalid_argument(
                    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
                    "NotificationConfiguration", "");
}

}  // namespace virga::object
