#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/world/random.hpp"

namespace virga {

// An id for a request in the form its service gives ids.
std::string make_request_id(RequestIdForm form, Random& random);

}  // namespace virga
