#include "apis/services.hpp"

namespace virga {

void register_sts(Dispatcher&, World&) {}

}  // namespace virga
