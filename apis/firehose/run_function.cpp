// The transformation function: what it gets, what it may answer.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
#include <map>

#include "apis/firehose/delivery.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/delivery/limits.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

struct Problem {
    std::string code, message;
};

constexpr const char* bad_result = "The Lambda function was successfully invoked but it returned an error result.";
constexpr const char* bad_reply = "There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status "
                                  "model required by Amazon Data Firehose.";

Value record_of(const Work& work) {
    Object record{{"recordId", work.id}, {"approximateArrivalTimestamp", work.item.arrival}, {"data", base64_encode(work.item.data)}};
    if (!work.item.meta.empty()) record.append("kinesisRecordMetadata", json::parse(work.item.meta));
    return record;
}

Call invocation(const Taken& taken, const LambdaProcessor& processor, const std::vector<Work>& batch) {
    Random random = taken.world().random.derive(taken.job.trace.parent, "invocation" + taken.arn + batch.front().id);
    Object event{{"invocationId", random.uuid()}, {"deliveryStreamArn", taken.arn}, {"region", taken.partition->region()}};
    const Value& source = taken.stream.source["KinesisStreamSourceConfiguration"];
    if (source.has("KinesisStreamARN")) event.append("sourceKinesisStreamArn", source["KinesisStreamARN"]);
    Array records, links;
    const TraceContext& cause = batch.front().item.trace;
    for (const auto& work : batch) {
        records.push_back(record_of(work));
        if (!work.item.trace.empty() && work.item.trace.root != cause.root) links.push_back(work.item.trace.header());
    }
    event.append("records", std::move(records));
    Value input = Object{{"FunctionName", processor.arn}, {"InvocationType", "RequestResponse"}, {"Payload", Bytes{json::write(event)}}};
    if (!links.empty()) input["virga:links"] = std::move(links);
    return service_call("lambda", "Invoke", taken.partition->id(), principal, std::move(input), cause.empty() ? taken.job.trace : cause);
}

// The records of an answer; nothing and a problem when the whole of it is bad.
std::optional<Array> records_of(const Reply& reply, Problem& problem) {
    if (reply.error) {
        auto has = [&](const char* word) { return reply.error->code.find(word) != std::string::npos; };
        if (has("TooManyRequests")) problem = {"Lambda.InvokeLimitExceeded", "The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit."};
        else if (has("ResourceNotFound")) problem = {"Lambda.ResourceNotFound", "The specified Lambda function does not exist. Use a different function that does exist."};
        else if (has("AccessDenied")) problem = {"Lambda.InvokeAccessDenied", "Access was denied. Ensure that the access policy of the role allows the invocation."};
        else problem = {"Lambda.FunctionError", reply.error->message};
        return std::nullopt;
    }
    if (reply.output.has("FunctionError")) {
        problem = {"Lambda.FunctionError", bad_result};
        return std::nullopt;
    }
    Value answer;
    if (!reply.output.has("Payload") || !json::try_parse(reply.output["Payload"].as_bytes(), answer) || !answer["records"].is_array()) {
        problem = {"Lambda.JsonProcessingException", bad_reply};
        return std::nullopt;
    }
    return answer.list("records");
}

// What became of one record. True: it goes on, changed. False: dropped, or failed with a problem.
bool apply(const Value& answer, Work& work, Problem& problem) {
    auto result = answer.text("result");
    if (result == "Dropped") return false;
    auto data = base64_decode(answer.text("data"));
    if (result != "Ok" || !data) {
        problem = result == "ProcessingFailed" ? Problem{"Lambda.FunctionError", bad_result} : Problem{"Lambda.JsonProcessingException", bad_reply};
        return false;
    }
    work.item.data = std::move(*data);
    work.lambda_keys = answer["metadata"]["partitionKeys"];
    return true;
}

void match(const Array& answers, std::vector<Work>& batch, const LambdaProcessor& processor, std::int64_t attempts, Transformed& out) {
    std::map<std::string_view, std::vector<const Value*>> by_id;
    for (const auto& answer : answers) by_id[answer.text("recordId")].push_back(&answer);
    for (auto& work : batch) {
        Problem problem;
        auto found = by_id.find(work.id);
        Item original = work.item;
        if (found == by_id.end())
            problem = {"Lambda.MissingRecordId", "One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids."};
        else if (found->second.size() > 1)
            problem = {"Lambda.DuplicatedRecordId",
                       "Multiple records were returned with the same record Id. Ensure that the Lambda function returns unique record Ids for each record."};
        else if (apply(*found->second.front(), work, problem))
            out.work.push_back(std::move(work));
        if (!problem.code.empty()) out.failures.push_back({"processing-failed", problem.code, problem.message, attempts, std::move(original), processor.arn});
    }
}

// As many of the first records as one synchronous invocation carries.
std::vector<Work> next_batch(std::vector<Work>& work, std::size_t& at) {
    std::vector<Work> batch;
    std::size_t bytes = 0;
    while (at < work.size() && (batch.empty() || bytes + work[at].item.data.size() <= limits::lambda_payload_bytes)) {
        bytes += work[at].item.data.size();
        batch.push_back(std::move(work[at++]));
    }
    return batch;
}

}  // namespace

Task<Transformed> run_function(std::shared_ptr<Taken> taken, LambdaProcessor processor, std::vector<Work> work) {
    Transformed out;
    for (std::size_t at = 0; at < work.size();) {
        std::vector<Work> batch = next_batch(work, at);
        Problem problem;
        std::optional<Array> answers;
        std::int64_t attempts = 0;
        while (!answers && attempts <= processor.retries) {
            ++attempts;
            Call call = invocation(*taken, processor, batch);
            Task<Reply> invoking = taken->world().calls->call(std::move(call));
            Reply reply = co_await std::move(invoking);
            answers = records_of(reply, problem);
        }
        if (answers) {
            match(*answers, batch, processor, attempts, out);
            continue;
        }
        for (auto& w : batch) out.failures.push_back({"processing-failed", problem.code, problem.message, attempts, std::move(w.item), processor.arn});
    }
    co_return out;
}

}  // namespace virga::firehose
