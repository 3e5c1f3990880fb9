#include "apis/pipes/errors.hpp"
#include "apis/pipes/limits.hpp"
#include "apis/pipes/operations.hpp"
#include "apis/pipes/pipe_document.hpp"
#include "apis/pipes/pipe_runs.hpp"
#include "emulator/base/page_token.hpp"

namespace virga::pipes {

namespace {

// Starts or stops: what was not read in the meantime is there when the pipe starts again.
Value set_state(Context& ctx, const Value& input, const char* desired, const char* shown) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto& runs = ctx.partition->part<PipeRuns>();
    pipe::Pipe p;
    {
        auto tx = ctx.partition->write();
        p = require_pipe(ctx, tx.db(), pipes, input);
        p.want(desired, ctx.now());
        pipes.save(tx.db(), p);
        tx.commit();
    }
    runs.refresh(p);
    return summary(pipes, p, shown);
}

// The name after which a page begins, "" for the first.
std::string read_token(const Value& input) {
    if (!input.has("NextToken")) return {};
    auto name = read_page_token(input.text("NextToken"));
    if (!name) throw errors::bad_next_token();
    return *name;
}

bool wanted(const pipe::Pipe& p, const Value& input) {
    auto begins = [&](std::string_view member, std::string_view text) { return text.starts_with(input.text(member)); };
    auto is = [&](std::string_view member, std::string_view text) { return !input.has(member) || input.text(member) == text; };
    return begins("NamePrefix", p.name) && begins("SourcePrefix", p.document.text("Source")) && begins("TargetPrefix", p.document.text("Target")) &&
           is("DesiredState", p.desired) && is("CurrentState", p.state);
}

}  // namespace

Value describe_pipe(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto reading = ctx.partition->read();
    return description(pipes, require_pipe(ctx, reading.db(), pipes, input));
}

Value list_pipes(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    const std::string after = read_token(input);
    auto limit = static_cast<std::size_t>(input.integer("Limit", limits::page));
    Value answer = Object();
    Array found;
    std::string last;
    auto reading = ctx.partition->read();
    for (const auto& p : pipes.list(reading.db())) {
        if (p.name <= after || !wanted(p, input)) continue;
        if (found.size() == limit) {
            answer["NextToken"] = page_token(last);
            break;
        }
        Value entry = summary(pipes, p);
        if (!p.reason.empty()) entry["StateReason"] = p.reason;
        for (const char* member : {"Source", "Target", "Enrichment"})
            if (p.document.has(member)) entry[member] = p.document[member];
        found.push_back(std::move(entry));
        last = p.name;
    }
    answer["Pipes"] = std::move(found);
    return answer;
}

Value delete_pipe(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto& runs = ctx.partition->part<PipeRuns>();
    pipe::Pipe p;
    {
        auto tx = ctx.partition->write();
        p = require_pipe(ctx, tx.db(), pipes, input);
        pipes.remove(tx.db(), p.name);
        tx.commit();
    }
    runs.stop(p.name);
    p.desired = "DELETED";
    return summary(pipes, p, "DELETING");
}

Value start_pipe(Context& ctx, const Value& input) { return set_state(ctx, input, "RUNNING", "STARTING"); }

Value stop_pipe(Context& ctx, const Value& input) { return set_state(ctx, input, "STOPPED", "STOPPING"); }

}  // namespace virga::pipes
