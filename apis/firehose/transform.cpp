// What happens between arrival and delivery: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
#include <map>

#include "apis/firehose/delivery.hpp"

namespace virga::firehose {

namespace {

using namespace delivery;

// Compiled queries by their text: a cache.
class Queries : public Part {
public:
    Queries(Partition&, Database&) {}
    std::shared_ptr<JsonQuery> get(const std::string& text) {
        if (text.empty()) return nullptr;
        std::lock_guard lock(mutex_);
        if (queries_.size() > 100) queries_.clear();
        auto& query = queries_[text];
        if (!query) query = std::make_shared<JsonQuery>(text);
        return query;
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<JsonQuery>> queries_;
};

}  // namespace

Task<JobOutcome> transform(std::shared_ptr<Partition> partition, Job job) {
    auto& queries = partition->part<Queries>();
    auto taken = take(std::move(partition), std::move(job));
    if (!taken) co_return JobOutcome::finished();
    auto processing = read_processing(taken->stream.destination);
    Transformed made;

    // 1. What comes before the function, and the function.
    begin_hops(*taken, "firehose:transform", taken->arn);
    made.work = expand(processing, taken->buffer, made.failures);
    if (processing.lambda && !made.work.empty()) {
        Task<Transformed> running = run_function(taken, *processing.lambda, std::move(made.work));
        Transformed result = co_await std::move(running);
        made.work = std::move(result.work);
        for (auto& f : result.failures) made.failures.push_back(std::move(f));
    }
    end_hops(*taken, made.failures.empty() ? "ok" : made.failures.front().code);

    // 2. What comes after it.
    auto query = queries.get(processing.query);
    std::vector<Finished> finished;
    for (auto& work : made.work)
        if (auto done = finish(processing, taken->stream.destination, query.get(), std::move(work), taken->now(), made.failures))
            finished.push_back(std::move(*done));

    // 3. On to the destination and to the error output, in one transaction with the end of the buffer.
    {
        Transaction tx = taken->partition->write();
        if (taken->partition->part<DeliveryStreams>().takes_records(tx.db(), taken->stream.id)) {
            remove_buffer(tx, taken->buffer.id);
            pass_on(tx, taken->stream, taken->arn, std::move(finished), made.failures, taken->now());
        }
        tx.commit();
    }
    if (!made.failures.empty()) {
        const auto& first = made.failures.front();
        Task<> logging = log_failure(taken, taken->stream.destination["CloudWatchLoggingOptions"], first.lambda_arn, first.code, first.message);
        co_await std::move(logging);
    }
    co_return JobOutcome::finished();
}

}  // namespace virga::firehose
