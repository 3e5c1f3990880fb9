#include "apis/services.hpp"

namespace virga {

void register_events(Dispatcher&, World&) {}

}  // namespace virga
