// PutBucketNotificationConfiguration and GetBucketNotificationConfiguration.
#include "apis/s3/operations.hpp"
#include "apis/s3/support.hpp"
#include "emulator/base/json.hpp"
#include "emulator/object/errors.hpp"

namespace virga::s3 {

using namespace object;

namespace {

// A call that fails when the destination is not there; nothing for a destination of another kind.
std::optional<Call> probe(const Context& ctx, std::string_view arn, std::string_view service, const std::string& region) {
    // arn:aws:<service>:<region>:<account>:<resource>
    std::vector<std::string> fields;
    for (std::size_t at = 0; fields.size() < 5;) {
        std::size_t colon = arn.find(':', at);
        if (colon == std::string_view::npos) return std::nullopt;
        fields.emplace_back(arn.substr(at, colon - at));
        at = colon + 1;
        if (fields.size() == 5) fields.emplace_back(arn.substr(at));
    }
    PartitionId partition{fields[4], fields[3]};
    if (fields[2] != service || fields[3] != region || arn.ends_with(".fifo")) return std::nullopt;
    if (service == "sqs")
        return service_call("sqs", "GetQueueAttributes", partition, "s3.amazonaws.com",
                            Object{{"QueueUrl", ctx.world.options.endpoint + "/" + fields[4] + "/" + fields[5]}}, ctx.trace());
    if (service == "sns") return service_call("sns", "GetTopicAttributes", partition, "s3.amazonaws.com", Object{{"TopicArn", std::string(arn)}}, ctx.trace());
    if (service == "lambda")
        return service_call("lambda", "GetFunctionConfiguration", partition, "s3.amazonaws.com", Object{{"FunctionName", std::string(arn)}}, ctx.trace());
    return std::nullopt;
}

ApiError cannot_validate(std::string_view arn) {
    return errors::invalid_argument("Unable to validate the following destination configurations", arn, "The destination could not be validated.");
}

// Every destination exists, in the bucket's region, and takes messages in any order.
Task<void> check_destinations(Context& ctx, const Value& configuration, std::string region) {
    struct Kind {
        std::string_view list, arn, service;
    };
    constexpr Kind kinds[] = {{"TopicConfigurations", "TopicArn", "sns"},
                              {"QueueConfigurations", "QueueArn", "sqs"},
                              {"LambdaFunctionConfigurations", "LambdaFunctionArn", "lambda"}};
    for (const Kind& kind : kinds) {
        for (const Value& rule : configuration.list(kind.list)) {
            std::string_view arn = rule.text(kind.arn);
            std::optional<Call> call = probe(ctx, arn, kind.service, region);
            if (!call) throw cannot_validate(arn);
            Reply reply = co_await ctx.world.calls->call(std::move(*call));
            if (reply.error && reply.error->status == 501) throw errors::not_implemented("A notification to " + std::string(kind.service));
            if (reply.error) throw cannot_validate(arn);
        }
    }
}

}  // namespace

Task<Value> put_bucket_notification_configuration(Context& ctx, const Value& input) {
    // 1. Validate: rules, then destinations.
    auto partition = open_bucket(ctx, input);
    {
        Reading reading = partition->read();
        require_bucket(reading.db(), input.text("Bucket"));
    }
    Value configuration = input["NotificationConfiguration"];
    if (!configuration.is_object()) throw errors::malformed_xml();
    check_notification_rules(configuration, ctx.random);
    if (!input.flag("SkipDestinationValidation")) co_await check_destinations(ctx, configuration, partition->region());

    // 2. Store. An empty configuration turns notifications off.
    bool empty = configuration.list("TopicConfigurations").empty() && configuration.list("QueueConfigurations").empty() && configuration.list("LambdaFunctionConfigurations").empty() &&
                 !configuration.has("EventBridgeConfiguration");
    Transaction tx = partition->write();
    Bucket bucket = require_bucket(tx.db(), input.text("Bucket"));
    set_notification(tx.db(), bucket.id, empty ? std::string() : json::write(configuration));
    record_test_events(tx, bucket, configuration, cause_of(ctx));
    tx.commit();
    co_return Object();
}

Value get_bucket_notification_configuration(Context& ctx, const Value& input) {
    auto partition = open_bucket(ctx, input);
    Reading reading = partition->read();
    Bucket bucket = require_bucket(reading.db(), input.text("Bucket"));
    if (bucket.notification.empty()) return Object();
    return json::parse(bucket.notification);
}

}  // namespace virga::s3
