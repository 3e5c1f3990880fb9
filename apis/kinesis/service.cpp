#include "apis/services.hpp"

namespace virga {

void register_kinesis(Dispatcher&, World&) {}

}  // namespace virga
