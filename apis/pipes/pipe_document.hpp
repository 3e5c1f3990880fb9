// Pipes in answers, and what requests change of them.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "apis/pipes/pipe_spec.hpp"

namespace virga::pipes {

// What Create, Update, Delete, Start and StopPipe answer. `state`: shown instead of the pipe's own, which it is on its way to.
Value summary(const pipe::Pipes& pipes, const pipe::Pipe& pipe, const char* state = nullptr);
Value description(const pipe::Pipes& pipes, const pipe::Pipe& pipe);

// Takes over the members of a request. Parameters are replaced block by block.
void apply(Value& document, const Value& input);

pipe::Pipe require_pipe(Context& ctx, Database& db, const pipe::Pipes& pipes, const Value& input);

// Adds tags (an object of texts) to those of a pipe; throws when it cannot have them. tags.cpp
void add_tags(pipe::Pipe& p, const Value& tags);

// Set when the service is registered: whether virga has a service.
struct Services : Part {
    explicit Services(World&) {}
    std::function<bool(std::string_view)> has = [](std::string_view) { return false; };
};

}  // namespace virga::pipes
