// EventBridge Pipes: the operations over the pipe store, and the pipes at work.
#include "apis/pipes/operations.hpp"
#include "apis/pipes/pipe_document.hpp"
#include "apis/pipes/pipe_runs.hpp"
#include "apis/protocol/models.hpp"
#include "apis/services.hpp"

namespace virga {

void register_pipes(Dispatcher& dispatcher, World& world) {
    using namespace pipes;
    ServiceApi& api = dispatcher.add_service(models::pipes());
    api.on_async("CreatePipe", create_pipe);
    api.on("DescribePipe", describe_pipe);
    api.on("UpdatePipe", update_pipe);
    api.on("DeletePipe", delete_pipe);
    api.on("ListPipes", list_pipes);
    api.on("StartPipe", start_pipe);
    api.on("StopPipe", stop_pipe);
    api.on("TagResource", tag_resource);
    api.on("UntagResource", untag_resource);
    api.on("ListTagsForResource", list_tags_for_resource);

    world.part<Services>().has = [&dispatcher](std::string_view id) { return dispatcher.find_service(id) != nullptr; };
    world.job_kinds.on(letter_job, send_letter);
    register_pipe_runs(world);
}

}  // namespace virga
