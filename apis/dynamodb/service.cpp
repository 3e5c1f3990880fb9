#include "apis/services.hpp"

namespace virga {

void register_dynamodb(Dispatcher&, World&) {}

}  // namespace virga
