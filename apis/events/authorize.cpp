#include "apis/events/delivery.hpp"
#include "apis/targets/outbound.hpp"
#include "emulator/bus/resource_store.hpp"

namespace virga::events {

// A new OAuth connection is authorized once at the start; whether that succeeds is its state.
Task<JobOutcome> run_authorize(std::shared_ptr<Partition> partition, Job job) {
    auto& resources = partition->part<bus::Resources>();
    Value before = resources.find(bus::kind::connection, job.payload);
    if (before.text("ConnectionState") != "AUTHORIZING") co_return JobOutcome::finished();
    Task<targets::Authorization> authorizing = targets::authorize(partition, job.payload, before);
    targets::Authorization result = co_await std::move(authorizing);
    auto guard = resources.exclusive();
    Value now = resources.find(bus::kind::connection, job.payload);
    if (now.text("Version") != before.text("Version")) co_return JobOutcome::finished();  // changed meanwhile
    if (result.failure) {
        now["ConnectionState"] = "DEAUTHORIZED";
        now["StateReason"] = result.failure->message;
    } else {
        now["ConnectionState"] = "AUTHORIZED";
        now["LastAuthorizedTime"] = partition->world().clock.now();
    }
    resources.save(bus::kind::connection, job.payload, now);
    co_return JobOutcome::finished();
}

}  // namespace virga::events
