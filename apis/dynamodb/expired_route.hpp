#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::dynamodb {

// DELETE /_aws/dynamodb/expired: {"ExpiredItems": how many items of all accounts expired since it was last asked, or since the start}, once nothing is in flight.
HttpRoute expired_route(World& world);

}  // namespace virga::dynamodb
