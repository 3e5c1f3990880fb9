#include "apis/services.hpp"

namespace virga {

void register_iam(Dispatcher&, World&) {}

}  // namespace virga
