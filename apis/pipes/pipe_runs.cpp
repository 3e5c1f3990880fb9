#include "apis/pipes/pipe_runs.hpp"

namespace virga::pipes {

PipeRuns::PipeRuns(Partition& partition, Database&) : partition_(partition) {}

void PipeRuns::close() {
    std::map<std::string, std::shared_ptr<SourceRunner>> running;
    {
        std::lock_guard lock(mutex_);
        running.swap(running_);
    }
    for (auto& [name, runner] : running) runner->stop();
}

void PipeRuns::refresh(const pipe::Pipe& pipe) {
    stop(pipe.name);
    if (pipe.state != "RUNNING") return;
    auto& world = partition_.world();
    auto arn = partition_.part<pipe::Pipes>().arn(pipe.name);
    auto spec = std::make_shared<const PipeSpec>(partition_.id(), arn, pipe);
    if (!spec->readable) return;
    auto runner = run_source(world, spec, pipe_consumer(world, spec));
    {
        std::lock_guard lock(mutex_);
        running_[pipe.name] = runner;
    }
    runner->start();
}

void PipeRuns::stop(const std::string& name) {
    std::shared_ptr<SourceRunner> runner;
    {
        std::lock_guard lock(mutex_);
        auto it = running_.find(name);
        if (it == running_.end()) return;
        runner = std::move(it->second);
        running_.erase(it);
    }
    runner->stop();
}

void PipeRuns::give_up(const PipeSpec& spec, const std::string& reason) {
    auto& pipes = partition_.part<pipe::Pipes>();
    {
        auto tx = partition_.write();
        auto p = pipes.find(tx.db(), spec.name);
        if (!p || p->created != spec.created || p->modified != spec.modified || p->state != "RUNNING") return;
        p->state = "STOPPED";
        p->reason = reason;
        pipes.save(tx.db(), *p);
        tx.commit();
    }
    stop(spec.name);
}

void register_pipe_runs(World& world) {
    world.on_open([&world](Partition& partition) {
        if (world.options.data.empty()) return;  // nothing was left by an earlier process
        auto& pipes = partition.part<pipe::Pipes>();
        auto& runs = partition.part<PipeRuns>();
        std::vector<pipe::Pipe> all;
        {
            auto reading = partition.read();
            all = pipes.list(reading.db());
        }
        if (all.empty()) return;
        // After the opener: the partition is found in the world then.
        auto token = std::make_shared<Activities::Token>(world.activities.begin("pipe", "restart"));
        world.runtime.post([keep = partition.shared_from_this(), &runs, all, token] {
            for (auto& pipe : all) runs.refresh(pipe);
            token->end();
        });
    });
}

}  // namespace virga::pipes
