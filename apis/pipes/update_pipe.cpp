#include "apis/pipes/operations.hpp"
#include "apis/pipes/pipe_document.hpp"
#include "apis/pipes/pipe_runs.hpp"

namespace virga::pipes {

// What the request does not name stays as it is.
Value update_pipe(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto& runs = ctx.partition->part<PipeRuns>();
    pipe::Pipe p;
    {
        // 1. Look up
        auto tx = ctx.partition->write();
        p = require_pipe(ctx, tx.db(), pipes, input);
        // 2. Validate
        apply(p.document, input);
        check_document(p.document, ctx.partition->id(), ctx.world.part<Services>().has);
        add_defaults(p.document);
        // 3. Act
        p.want(std::string(input.text("DesiredState", p.desired)), ctx.now());
        pipes.save(tx.db(), p);
        tx.commit();
    }
    runs.refresh(p);
    // 4. Answer
    return summary(pipes, p, "UPDATING");
}

}  // namespace virga::pipes
