// /_virga/table/: limits that tests make smaller.
#include "apis/control/control.hpp"
#include "emulator/table/store.hpp"

namespace virga {

Value table_settings(World& world, const Value& body) {
    const Value& limit = body["item_collection_limit"];
    if (!limit.is_integer() || limit.as_integer() < 1) throw ControlError(400, "item_collection_limit (bytes) is expected");
    auto partition = partition_of(world, body.text("account"), body.text("region"));
    table::WriteScope scope(partition->part<table::TableStore>());
    scope.store.set_collection_limit(scope.db(), limit.as_integer());
    scope.commit();
    return Object{{"item_collection_limit", limit.as_integer()}};
}

}  // namespace virga
