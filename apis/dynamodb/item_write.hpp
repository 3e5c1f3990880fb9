// One write of one item, as PutItem, UpdateItem, DeleteItem, a batch or a transaction asks for it.
#pragma once
#include <optional>
#include <string>

#include "apis/dynamodb/legacy.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/items.hpp"

namespace virga::dynamodb {

struct ItemWrite {
    enum class Kind : std::uint8_t { put, update, remove, check };
    Kind kind;
    std::string table;
    std::string item;  // put: the item; else its key
    Expressions expressions;
    LegacyConditions expected;
    std::vector<LegacyUpdate> updates;
    bool legacy_update = false;

    bool condition_holds(table::ItemView before) const;
};

// A write that was looked at with the lock held, ready to be done.
struct PlannedWrite {
    table::TablePtr table;
    table::ItemKey key;
    std::string before, after;  // empty = no item
    bool holds = true;          // the condition's outcome; when false there is no `after`
};

// Checks keys and indexes against the table, reads the item, evaluates the condition, makes the item after. Throws
// ValidationException for everything wrong but a condition that does not hold, ItemCollectionSizeLimitExceededException for too much.
PlannedWrite plan_write(table::WriteScope& scope, const table::TablePtr& table, const ItemWrite& write);

// Does it. The capacity of what changed.
table::WriteEffect perform_write(table::WriteScope& scope, const PlannedWrite& plan, const table::WriteCause& cause);

// The error of a condition that does not hold; carries the item when it is asked for.
ApiError condition_failure(const PlannedWrite& plan, bool return_old);

// A write by itself: plan, condition, write, commit.
struct PerformedWrite {
    PlannedWrite plan;
    table::WriteEffect effect;
};
PerformedWrite write_one(Context& ctx, const Value& input, const ItemWrite& write);

// Adds what every write may answer: ConsumedCapacity, ItemCollectionMetrics.
void answer_write(Object& answer, const Value& input, const PerformedWrite& done);

// Of an object of lists: appends to that of `name`, which is made when it is missing.
void append_to_list(Object& lists, const std::string& name, Value element);

// The stateless check of an item to be put.
void check_item_size(table::ItemView item);

}  // namespace virga::dynamodb
