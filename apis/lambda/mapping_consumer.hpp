// The function behind an event source mapping, as a consumer of its source.
#pragma once
#include <memory>

#include "apis/lambda/mapping_spec.hpp"
#include "apis/sources/consumer.hpp"

namespace virga {

std::shared_ptr<SourceConsumer> mapping_consumer(World& world, std::shared_ptr<const MappingSpec> spec);

}  // namespace virga
