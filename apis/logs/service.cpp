#include "apis/services.hpp"

namespace virga {

void register_logs(Dispatcher&, World&) {}

}  // namespace virga
