// Every error of EventBridge Pipes that a client can see. Texts observed by users of the service unless a comment says otherwise.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace virga::pipes::errors {

ApiError pipe_exists(std::string_view name);
ApiError no_such_pipe(std::string_view name);
ApiError too_many_pipes();
ApiError bad_next_token();  // text not observed

ApiError bad_source_parameters();
ApiError bad_target_parameters();
ApiError missing_source_parameters(std::string_view block);
ApiError missing_target_parameters(std::string_view block);  // like the source's
ApiError bad_enrichment();
ApiError batch_too_big(std::int64_t size, std::size_t most);  // its end not observed
ApiError foreign_region();
ApiError fifo_topic();
ApiError bad_placeholder();
ApiError bad_pattern();
ApiError bad_pattern(std::string_view reason);
ApiError no_log_destination();
ApiError bad_log_format();
ApiError bad_tags(std::string_view problem);
// What virga does not have: 501.
ApiError not_implemented(std::string_view what);

}  // namespace virga::pipes::errors
