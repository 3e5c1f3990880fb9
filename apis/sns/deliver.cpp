// The retries of deliveries.
#include "apis/sns/delivery.hpp"
#include "emulator/topic/delivery_policy.hpp"

namespace virga::sns {

Task<JobOutcome> deliver(std::shared_ptr<Partition> partition, Job job) {
    auto delivery = std::make_shared<const Delivery>(Delivery::read(job.payload));
    Task<std::optional<Failed>> sending = send(partition, delivery, job.trace);
    const std::optional<Failed> failed = co_await std::move(sending);
    if (!failed) co_return JobOutcome::finished();
    if (failed->retry) {
        const bool custom = delivery->policy.has("healthyRetryPolicy");
        const topic::RetryPolicy policy = custom ? topic::read_retry_policy(delivery->policy["healthyRetryPolicy"]) : topic::managed_retry_policy();
        if (auto wait = policy.wait(job.attempt)) co_return JobOutcome::retry(partition->world().clock.now() + *wait);
    }
    Task<> burying = send_to_dead_letters(partition, delivery, *failed, job.trace);
    co_await std::move(burying);
    co_return JobOutcome::finished();
}

}  // namespace virga::sns
