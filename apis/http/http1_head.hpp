// The head of an HTTP/1.1 response. Private to apis/http.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "apis/http/message.hpp"

namespace virga {

inline bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

// Writes status line and headers into `out` (what was there is replaced). Without a length the body is announced as chunked.
void write_head(std::string& out, const HttpResponse& response, std::optional<std::uint64_t> length, bool keep_alive);

}  // namespace virga
