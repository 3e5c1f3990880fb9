#include "apis/services.hpp"

namespace virga {

void register_sqs(Dispatcher&, World&) {}

}  // namespace virga
