#include "apis/services.hpp"

namespace virga {

void register_s3(Dispatcher&, World&) {}

}  // namespace virga
