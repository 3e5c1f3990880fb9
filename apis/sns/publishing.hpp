// What Publish and PublishBatch have in common.
#pragma once
#include "apis/dispatch/dispatcher.hpp"
#include "emulator/topic/message.hpp"
#include "emulator/topic/topics.hpp"

namespace virga::sns {

// A message as it was given, checked as far as it can be without knowing the topic.
struct Publication {
    topic::Message message;
    Object bodies;  // by protocol, when MessageStructure is json

    const std::string& body_for(const std::string& protocol) const;
};

// What counts for the limits.
std::size_t size_of(const Value& input);
// `input`: of Publish, or an entry of PublishBatch. Throws what is wrong.
Publication read_publication(Context& ctx, const Value& input);
// To all who want it, in the caller's transaction. The answer: MessageId, and SequenceNumber of a FIFO topic. Throws.
Value publish_to_topic(Context& ctx, Transaction& tx, const topic::Topic& topic, Publication publication);

}  // namespace virga::sns
