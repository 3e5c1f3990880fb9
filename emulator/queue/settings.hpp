// A queue's attributes: names, ranges, defaults, and what they mean to the messages in it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::queue {

struct DeadLetter {
    std::string target_arn;
    std::string target_name;  // last part of the ARN
    std::int64_t max_receive_count = 0;
};

// The attributes in the form that sending and receiving need.
struct Settings {
    TimeMs delay_ms = 0;
    std::int64_t max_message_size = 0;
    TimeMs retention_ms = 0;
    std::int64_t wait_s = 0;
    TimeMs visibility_ms = 0;
    std::optional<DeadLetter> dead_letter;
    bool fifo = false;
    bool content_dedup = false;
    bool dedup_per_group = false;
};

bool is_queue_name(std::string_view name);       // without the .fifo suffix rule
bool is_fifo_queue_name(std::string_view name);  // ends with .fifo

// Checks what a client sets: names, ranges, and the form of the policies. Throws the service's errors. `creating` allows FifoQueue.
// The answer is the same attributes in the form in which they are kept: an attribute set to "" that removes it is null,
// RedrivePolicy is normal JSON.
Object checked_attributes(const Object& given, bool fifo, bool creating);

// The value of an attribute where none was set; nothing for those that then do not appear.
std::optional<std::string> default_attribute(std::string_view name, bool fifo);
// All attributes with defaults, in the order answers list them.
Object effective_attributes(const Object& set, bool fifo);

Settings parse_settings(const Object& set, bool fifo);

// "arn:aws:sqs:us-east-1:000000000000:name" taken apart; nothing when it is no queue ARN.
struct QueueArn {
    std::string region, account, name;
};
std::optional<QueueArn> parse_queue_arn(std::string_view arn);

// A decimal integer of the range, nothing else.
std::optional<std::int64_t> decimal(std::string_view text, std::int64_t low, std::int64_t high);

}  // namespace virga::queue
