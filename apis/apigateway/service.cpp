#include "apis/services.hpp"

namespace virga {

void register_apigateway(Dispatcher&, World&) {}

}  // namespace virga
