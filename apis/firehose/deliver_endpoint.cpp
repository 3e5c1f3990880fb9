#include "apis/firehose/delivery.hpp"

namespace virga::firehose {

Task<JobOutcome> deliver_to_endpoint(std::shared_ptr<Taken> taken) {
    co_return JobOutcome::retry(taken->now() + 1000);
}

}  // namespace virga::firehose
