// /_virga/table/: limits that tests make smaller.
#include "apis/control/control.hpp"
#include "emulator/table/store.hpp"

namespace virga {

Value table_settings(World& world, const Value& body) {
    const Value& limit = body["item_collection_limit"];
    if (!limit.is_integer() || limit.as_integer() < 1) throw ControlError(400, "item_collection_limit (bytes) is expected");
    auto& store = partition_of(world, body.text("account"), body.text("region"))->part<table::TableStore>();
    store.collection_limit = limit.as_integer();
    return Object{{"item_collection_limit", limit.as_integer()}};
}

}  // namespace virga
