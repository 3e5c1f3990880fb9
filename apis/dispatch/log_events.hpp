// Lines that a service writes into a customer's log group: through the API of CloudWatch Logs, like everybody's.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/world/world.hpp"

namespace virga {

struct LogMessage {
    TimeMs time;
    std::string text;
};

struct LogTarget {
    // What is made when it is not there.
    enum class Makes {
        nothing,           // group and stream are the customer's to make
        stream,            // the stream, before anything is put: it is a new one most of the time
        group_and_stream,  // both, once a put has not found them
    };

    PartitionId partition;
    std::string writer;  // "lambda.amazonaws.com"
    std::string group, stream;
    Makes makes;
    TraceContext trace;
};

// Puts the messages in the order of their times, in as many calls as their number and size need. The error of the first call that failed, if any:
// what came after it is not written.
Task<std::optional<ApiError>> put_log_events(World* world, LogTarget to, std::vector<LogMessage> messages);

}  // namespace virga
