// Conditional reads: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since and their copy-source forms.
#pragma once
#include <string_view>

#include "emulator/base/value.hpp"

namespace virga::s3 {

struct ReadConditions {
    std::string_view if_match, if_none_match, if_modified_since, if_unmodified_since;  // as sent, "" when not
};

enum class ReadOutcome { go_on, not_modified, failed };
struct ReadDecision {
    ReadOutcome outcome = ReadOutcome::go_on;
    std::string_view condition{};  // the header that failed
};

// In S3's order: If-Match decides before If-Unmodified-Since, If-None-Match before If-Modified-Since. `now` tells dates in the future, which count for
// nothing.
ReadDecision decide(const ReadConditions& conditions, std::string_view etag, TimeMs modified, TimeMs now);

// Whether If-Range (an ETag or a date, "" when not sent) speaks of this state of an object. If not, the range that comes with it is ignored.
bool range_applies(std::string_view if_range, std::string_view etag, TimeMs modified);

}  // namespace virga::s3
