// EventBridge Scheduler: the operations over the schedule engine, and the jobs that run schedules.
#include "apis/protocol/models.hpp"
#include "apis/scheduler/invocation.hpp"
#include "apis/scheduler/operations.hpp"
#include "apis/services.hpp"
#include "emulator/schedule/schedule_store.hpp"

namespace virga {

void register_scheduler(Dispatcher& dispatcher, World& world) {
    using namespace scheduler;
    ServiceApi& api = dispatcher.add_service(models::scheduler());
    api.on("CreateSchedule", create_schedule);
    api.on("GetSchedule", get_schedule);
    api.on("UpdateSchedule", update_schedule);
    api.on("DeleteSchedule", delete_schedule);
    api.on("ListSchedules", list_schedules);
    api.on("CreateScheduleGroup", create_schedule_group);
    api.on("GetScheduleGroup", get_schedule_group);
    api.on("DeleteScheduleGroup", delete_schedule_group);
    api.on("ListScheduleGroups", list_schedule_groups);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);

    world.job_kinds.on(schedule::fire_job, fire);
    world.job_kinds.on(deliver_job, [&dispatcher](std::shared_ptr<Partition> partition, Job job) { return deliver(&dispatcher, std::move(partition), std::move(job)); });
}

}  // namespace virga
