#include <algorithm>

#include "apis/lambda/errors.hpp"
#include "apis/lambda/event_sources.hpp"
#include "apis/lambda/mapping_spec.hpp"
#include "apis/lambda/operations.hpp"
#include "apis/lambda/paging.hpp"
#include "apis/sources/shard_reader.hpp"

namespace virga::lambda {

namespace {

constexpr const char* sender = "lambda.amazonaws.com";
// The emulator's own members of a mapping's document: instants as integers, which JSON keeps.
constexpr const char* modified_member = "virga:modified";
constexpr const char* start_member = "virga:start";

using Source = MappingSpec::Source;

// Members that a request sets as they are.
constexpr const char* plain_members[] = {"BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "MaximumRecordAgeInSeconds",
                                         "MaximumRetryAttempts", "BisectBatchOnFunctionError", "TumblingWindowInSeconds", "FunctionResponseTypes",
                                         "ScalingConfig", "MetricsConfig", "LoggingConfig", "KMSKeyArn"};

Value defaults_of(Source source) {
    if (source == Source::queue)
        return Object{{"BatchSize", 10}, {"MaximumBatchingWindowInSeconds", 0}, {"FunctionResponseTypes", Array{}}, {"StateTransitionReason", "USER_INITIATED"}};
    return Object{{"BatchSize", 100},
                  {"MaximumBatchingWindowInSeconds", 0},
                  {"ParallelizationFactor", 1},
                  {"DestinationConfig", Object{{"OnFailure", Object{}}}},
                  {"MaximumRecordAgeInSeconds", -1},
                  {"BisectBatchOnFunctionError", false},
                  {"MaximumRetryAttempts", -1},
                  {"TumblingWindowInSeconds", 0},
                  {"FunctionResponseTypes", Array{}},
                  {"StateTransitionReason", "User action"},
                  {"LastProcessingResult", "No records processed"}};
}

void apply(Value& document, const Value& input) {
    for (auto name : plain_members)
        if (input.has(name)) document[name] = input[name];
    if (input.has("DestinationConfig")) {
        auto target = input["DestinationConfig"]["OnFailure"].text("Destination");
        Object on_failure;
        if (!target.empty()) on_failure["Destination"] = target;
        document["DestinationConfig"] = Object{{"OnFailure", std::move(on_failure)}};
    }
    if (input.has("FilterCriteria")) {
        document.as_object().erase("FilterCriteria");
        if (!input["FilterCriteria"].list("Filters").empty()) document["FilterCriteria"] = input["FilterCriteria"];
    }
    if (input.has("Enabled")) document["State"] = input.flag("Enabled") ? "Enabled" : "Disabled";
    if (document.integer("TumblingWindowInSeconds") > 0) throw lambda_errors::not_implemented("tumbling windows");
}

Value shown(const Value& document, const char* state = nullptr) {
    Value answer = document;
    answer["LastModified"] = Timestamp{document.integer(modified_member)};
    if (document.has(start_member)) answer["StartingPositionTimestamp"] = Timestamp{document.integer(start_member)};
    std::erase_if(answer.as_object().members(), [](const Object::Member& m) { return m.name.starts_with("virga:"); });
    if (state) answer["State"] = state;
    return answer;
}

Call url_call(const MappingSpec& spec, TraceContext trace) {
    return service_call("sqs", "GetQueueUrl", spec.source_home, sender, Object{{"QueueName", spec.source_name}}, trace);
}

Call attributes_call(const MappingSpec& spec, const Value& url, TraceContext trace) {
    return service_call("sqs", "GetQueueAttributes", spec.source_home, sender, Object{{"QueueUrl", url}, {"AttributeNames", Array{"VisibilityTimeout"}}}, trace);
}

// The queue must be there, and its messages must stay hidden while the function works on them.
Task<> check_queue(World* world, std::shared_ptr<const MappingSpec> spec, std::int64_t timeout_s, TraceContext trace) {
    Call ask = url_call(*spec, trace);
    Reply url = co_await world->calls->call(std::move(ask));
    if (url.error)
        throw lambda_errors::queue_failed("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version.");
    Call more = attributes_call(*spec, url.output["QueueUrl"], trace);
    Reply attributes = co_await world->calls->call(std::move(more));
    auto visibility = std::atoll(std::string(attributes.output["Attributes"].text("VisibilityTimeout", "30")).c_str());
    if (visibility < timeout_s) throw lambda_errors::visibility_too_short(visibility, timeout_s);
}

MappingRow require_mapping(Database& db, FunctionStore& store, const Value& input) {
    auto row = store.mapping(db, std::string(input.text("UUID")));
    if (!row) throw lambda_errors::no_such_resource();
    return std::move(*row);
}

void check_new(Database& db, const FunctionRef& ref, const Value& input, Source source) {
    auto arn = std::string(input.text("EventSourceArn"));
    for (auto& other : ref.store().mappings(db))
        if (other.source == arn && other.document.text("FunctionArn") == ref.qualified_arn())
            throw source == Source::queue ? lambda_errors::mapping_exists_for_queue(arn, ref.name, other.uuid)
                                          : lambda_errors::mapping_exists_for_stream(arn, ref.name, other.uuid);
}

void check_input(const Value& input, Source source) {
    auto start = input.text("StartingPosition");
    if (source == Source::queue) {
        if (input.integer("BatchSize", 10) > 10 && input.integer("MaximumBatchingWindowInSeconds") < 1) throw lambda_errors::window_needed();
        return;
    }
    if (start.empty()) throw lambda_errors::starting_position_missing();
    if (start == "AT_TIMESTAMP" && source == Source::dynamodb)
        throw lambda_errors::unsupported_starting_position(std::string(input.text("EventSourceArn")));
}

MappingRow new_row(Context& ctx, const FunctionRef& ref, const Value& input, Source source) {
    MappingRow row;
    row.uuid = ctx.random.uuid();
    row.function = ref.name;
    row.source = input.text("EventSourceArn");
    auto& d = row.document = Object{{"UUID", row.uuid}};
    if (source != Source::queue) {
        d["StartingPosition"] = input["StartingPosition"];
        if (input.has("StartingPositionTimestamp")) d[start_member] = input["StartingPositionTimestamp"].as_time();
    }
    d["EventSourceArn"] = row.source;
    d["FunctionArn"] = ref.qualified_arn();
    d["EventSourceMappingArn"] = ref.partition->arn("lambda", "event-source-mapping:" + row.uuid);
    d["State"] = "Enabled";
    auto defaults = defaults_of(source);
    for (auto& [name, value] : defaults.as_object()) d[name] = value;
    d[modified_member] = ctx.now();
    apply(d, input);
    return row;
}

}  // namespace

Task<Value> create_event_source_mapping(Context& ctx, const Value& input) {
    // 1. Validate.
    auto source = source_kind(std::string(input.text("EventSourceArn")));
    auto ref = function_ref(ctx, input);
    check_input(input, source);
    std::int64_t timeout_s = 3;
    {
        auto reading = ref.partition->read();
        auto config = ref.store().configuration(reading.db(), ref.name, latest);
        if (!config) throw lambda_errors::invalid_parameter("Function does not exist");
        timeout_s = config->integer("Timeout", 3);
        check_new(reading.db(), ref, input, source);
    }
    MappingRow row = new_row(ctx, ref, input, source);
    auto spec = std::make_shared<const MappingSpec>(ref.partition->id(), row);
    std::optional<std::vector<std::pair<std::string, ShardPosition>>> positions;
    if (source == Source::queue) {
        co_await check_queue(&ctx.world, spec, timeout_s, ctx.trace());
    } else {
        Task<std::optional<std::vector<std::pair<std::string, ShardPosition>>>> finding =
            first_positions(&ctx.world, spec, std::string(input.text("StartingPosition")), row.document.integer(start_member));
        positions = co_await std::move(finding);
        if (!positions) throw lambda_errors::stream_not_found(spec->source_arn);
    }

    // 2. Create and start.
    auto& sources = ref.partition->part<EventSources>();
    {
        auto tx = ref.partition->write();
        check_new(tx.db(), ref, input, source);
        ref.store().put_mapping(tx.db(), row);
        if (positions)
            for (auto& [shard, position] : *positions) ref.store().put_checkpoint(tx.db(), row.uuid, shard, position.text());
        tx.commit();
    }
    sources.refresh(row);

    // 3. Answer.
    co_return shown(row.document, "Creating");
}

Value get_event_source_mapping(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<FunctionStore>();
    auto reading = ctx.partition->read();
    return shown(require_mapping(reading.db(), store, input).document);
}

Value list_event_source_mappings(Context& ctx, const Value& input) {
    std::string function;
    if (input.has("FunctionName")) {
        auto ref = function_ref(ctx, input);
        function = ref.qualified_arn();
    }
    auto& store = ctx.partition->part<FunctionStore>();
    auto reading = ctx.partition->read();
    Array found;
    for (auto& row : store.mappings(reading.db())) {
        if (!function.empty() && row.document.text("FunctionArn") != function) continue;
        if (input.has("EventSourceArn") && input.text("EventSourceArn") != row.source) continue;
        found.push_back(shown(row.document));
    }
    return paged("EventSourceMappings", std::move(found), input, 100);
}

Value update_event_source_mapping(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<FunctionStore>();
    auto& sources = ctx.partition->part<EventSources>();
    MappingRow row;
    std::string before;
    {
        auto tx = ctx.partition->write();
        row = require_mapping(tx.db(), store, input);
        before = row.document.text("State");
        if (input.has("FunctionName")) {
            auto ref = function_ref(ctx, input);
            if (!store.configuration(tx.db(), ref.name, latest)) throw lambda_errors::invalid_parameter("Function does not exist");
            row.function = ref.name;
            row.document["FunctionArn"] = ref.qualified_arn();
        }
        apply(row.document, input);
        row.document[modified_member] = ctx.now();
        MappingSpec(ctx.partition->id(), row);  // refuses what is no filter
        store.put_mapping(tx.db(), row);
        tx.commit();
    }
    sources.refresh(row);
    auto after = row.document.text("State");
    return shown(row.document, before == after ? "Updating" : after == "Enabled" ? "Enabling" : "Disabling");
}

Value delete_event_source_mapping(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<FunctionStore>();
    auto& sources = ctx.partition->part<EventSources>();
    MappingRow row;
    {
        auto tx = ctx.partition->write();
        row = require_mapping(tx.db(), store, input);
        store.remove_mapping(tx.db(), row.uuid);
        tx.commit();
    }
    sources.stop(row.uuid);
    return shown(row.document, "Deleting");
}

}  // namespace virga::lambda
