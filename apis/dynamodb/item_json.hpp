// Item bytes to the JSON of the API ({"S": "a"}), without a Value between.
#pragma once
#include "emulator/base/json_buffer.hpp"
#include "emulator/table/attribute.hpp"

namespace virga::dynamodb {

void write_item_json(json::Buffer& out, table::ItemView item);

}  // namespace virga::dynamodb
