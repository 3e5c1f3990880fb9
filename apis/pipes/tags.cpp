#include "apis/pipes/errors.hpp"
#include "apis/pipes/operations.hpp"
#include "apis/pipes/pipe_document.hpp"
#include "emulator/base/tag_rules.hpp"

namespace virga::pipes {

namespace {

pipe::Pipe tagged(Context& ctx, Database& db, const pipe::Pipes& pipes, const Value& input) {
    ctx.resource = input.text("resourceArn");
    auto arn = Arn::parse(ctx.resource);
    std::string name(arn ? arn->name() : std::string_view());
    auto found = pipes.find(db, name);
    if (!found || pipes.arn(name) != ctx.resource) throw errors::no_such_pipe(name);
    return *found;
}

}  // namespace

void add_tags(pipe::Pipe& p, const Value& tags) {
    for (const auto& [key, value] : tags.as_object()) p.tags[key] = value.as_string();
    if (auto problem = tag_problem(p.tags)) throw errors::bad_tags(*problem);
}

Value tag_resource(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto tx = ctx.partition->write();
    auto p = tagged(ctx, tx.db(), pipes, input);
    add_tags(p, input["tags"]);
    pipes.save(tx.db(), p);
    tx.commit();
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto tx = ctx.partition->write();
    auto p = tagged(ctx, tx.db(), pipes, input);
    for (const auto& key : input.list("tagKeys")) p.tags.erase(key.as_string());
    pipes.save(tx.db(), p);
    tx.commit();
    return Object();
}

Value list_tags_for_resource(Context& ctx, const Value& input) {
    auto& pipes = ctx.partition->part<pipe::Pipes>();
    auto reading = ctx.partition->read();
    auto p = tagged(ctx, reading.db(), pipes, input);
    Value tags = Object();
    for (const auto& [key, value] : p.tags) tags[key] = value;
    return Object{{"tags", std::move(tags)}};
}

}  // namespace virga::pipes
