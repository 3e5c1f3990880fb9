// HTTP endpoints: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
#include <algorithm>

#include "apis/firehose/delivery.hpp"
#include "apis/http/client.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/base/json.hpp"
#include "emulator/delivery/limits.hpp"
#include "emulator/world/retry.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

// Why an attempt did not succeed.
struct Refusal {
    std::string code, message;
    bool permanent = false;
};

// One id for all attempts: the endpoint tells repetitions by it.
std::string request_id(Taken& taken) {
    if (!taken.buffer.object.empty()) return taken.buffer.object;
    Random random = taken.world().random.derive(taken.job.trace.parent, "request" + taken.arn + taken.job.payload);
    std::string id = random.uuid();
    Transaction tx = taken.partition->write();
    set_object(tx, taken.buffer.id, id);
    tx.commit();
    return id;
}

OutboundRequest request_of(const Taken& taken, const std::string& id) {
    const Value& d = taken.stream.destination;
    Array records;
    for (const auto& item : taken.buffer.items) records.push_back(Object{{"data", base64_encode(item.data)}});
    OutboundRequest request;
    request.method = "POST";
    request.url = d["EndpointConfiguration"].text("Url");
    request.body = json::write(Object{{"requestId", id}, {"timestamp", taken.now()}, {"records", std::move(records)}});
    request.headers.add("Content-Type", "application/json");
    request.headers.add("User-Agent", "Amazon Kinesis Data Firehose Agent/1.0");
    request.headers.add("X-Amz-Firehose-Protocol-Version", "1.0");
    request.headers.add("X-Amz-Firehose-Request-Id", id);
    request.headers.add("X-Amz-Firehose-Source-Arn", taken.arn);
    if (auto key = d["EndpointConfiguration"].text("AccessKey"); !key.empty()) request.headers.add("X-Amz-Firehose-Access-Key", std::string(key));
    if (const auto& attributes = d["RequestConfiguration"].list("CommonAttributes"); !attributes.empty()) {
        Object common;
        for (const auto& attribute : attributes) common.append(std::string(attribute.text("AttributeName")), attribute["AttributeValue"]);
        request.headers.add("X-Amz-Firehose-Common-Attributes", json::write(Object{{"commonAttributes", std::move(common)}}));
    }
    if (d["RequestConfiguration"].text("ContentEncoding") == "GZIP") {
        request.headers.add("Content-Encoding", "gzip");
        request.body = gzip(request.body);
    }
    return request;
}

std::optional<Refusal> refusal_of(const OutboundResponse& response, const std::string& id) {
    using Failure = OutboundResponse::Failure;
    if (response.failure == Failure::timeout) return Refusal{"HttpEndpoint.RequestTimeout", "The endpoint did not answer within the time limit."};
    if (response.failure == Failure::connection && response.connected)
        return Refusal{"HttpEndpoint.ConnectionReset", "The connection to the endpoint was reset or closed: " + response.error};
    if (response.failure == Failure::connection) return Refusal{"HttpEndpoint.ConnectionFailed", "The connection to the endpoint failed: " + response.error};
    if (response.too_long) return Refusal{"HttpEndpoint.ResponseTooLarge", "The endpoint's answer is longer than 1 MiB."};
    Value answer;
    bool is_json = json::try_parse(response.body, answer) && answer.is_object();
    if (response.status != 200) {
        std::string message = is_json && answer.has("errorMessage") ? std::string(answer.text("errorMessage")) : response.body.substr(0, 1024);
        return Refusal{"HttpEndpoint.DestinationException", "The following response was received from the endpoint: " + std::to_string(response.status) + ". " + message,
                       response.status == 413};
    }
    if (!is_json || answer.text("requestId") != id || !answer["timestamp"].is_number())
        return Refusal{"HttpEndpoint.InvalidResponseFromDestination",
                       "The response received from the endpoint is invalid. Expected a JSON document with the requestId of the request and a timestamp."};
    return std::nullopt;
}

// From one second doubling to two minutes, 15 percent more or less; nothing when that is after the last instant to try.
std::optional<TimeMs> next_attempt(Taken& taken, TimeMs since) {
    TimeMs wait = Backoff{limits::http_first_backoff_ms, limits::http_max_backoff_ms}.after(taken.job.attempt);
    Random random = taken.world().random.derive(taken.job.trace.parent, "backoff" + taken.job.payload + std::to_string(taken.job.attempt));
    wait = static_cast<TimeMs>(static_cast<double>(wait) * (0.85 + 0.3 * random.unit()));
    TimeMs last = since + taken.stream.destination["RetryOptions"].integer("DurationInSeconds", limits::http_retry_seconds) * 1000;
    TimeMs at = taken.now() + wait;
    return at > last ? std::nullopt : std::optional(at);
}

}  // namespace

Task<JobOutcome> deliver_to_endpoint(std::shared_ptr<Taken> taken) {
    // 1. One attempt.
    const Value& d = taken->stream.destination;
    std::string id = request_id(*taken), url(d["EndpointConfiguration"].text("Url"));
    TimeMs since = taken->buffer.failing_since.value_or(taken->now());
    begin_hops(*taken, "firehose:deliver", url);
    OutboundRequest request = request_of(*taken, id);
    Task<OutboundResponse> sending = send_outbound(taken->world().runtime, std::move(request), limits::http_timeout_ms, limits::http_answer_bytes);
    OutboundResponse response = co_await std::move(sending);
    auto refusal = refusal_of(response, id);
    end_hops(*taken, refusal ? refusal->code : "ok");

    // 2. Done; or once more while the retry duration lasts; or to the error output.
    if (refusal) {
        Task<> logging = log_failure(taken, d["CloudWatchLoggingOptions"], url, refusal->code, refusal->message);
        co_await std::move(logging);
    }
    auto again = refusal && !refusal->permanent ? next_attempt(*taken, since) : std::nullopt;
    Transaction tx = taken->partition->write();
    if (again) {
        set_failing_since(tx, taken->buffer.id, since);
        tx.commit();
        co_return JobOutcome::retry(*again);
    }
    if (refusal && taken->partition->part<DeliveryStreams>().takes_records(tx.db(), taken->stream.id)) {
        std::vector<Failure> failures;
        for (auto& item : taken->buffer.items) failures.push_back({"http-endpoint-failed", refusal->code, refusal->message, taken->job.attempt, std::move(item), {}});
        report_failures(tx, taken->stream, taken->arn, failures, taken->now());
    }
    remove_buffer(tx, taken->buffer.id);
    tx.commit();
    co_return JobOutcome::finished();
}

}  // namespace virga::firehose
