// Where the results of asynchronous invocations and failed batches go.
#pragma once
#include <string>

#include "emulator/world/world.hpp"

namespace virga {

struct Letter {
    std::string target;      // ARN of a queue, topic, function, event bus or bucket
    std::string body;        // the record as JSON, or for a dead-letter queue the event itself
    Value attributes;        // message attributes of a dead-letter queue: {name: {DataType, StringValue}}
    std::string detail_type; // on an event bus
    Array resources;         // on an event bus
    std::string object_key;  // in a bucket
};

// A job that sends it, with retries: to be enqueued with what caused it. Letters that cannot be delivered are given up after 3 attempts.
NewJob delivery_job(const Letter& letter, TraceContext trace);
void register_destinations(World& world);

}  // namespace virga
