// From items to the bytes they are found by.
//
// A key of one part is the value's bytes (numbers: key bytes). In a key of several parts (global indexes) every string or binary
// part has its 00 bytes escaped to 00 FF and ends with 00 00; numbers end by themselves. So bytes sort as the parts do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/table/schema.hpp"

namespace virga::table {

struct ItemKey {
    std::int64_t hash = 0;  // of hk, 32 bits: spreads the partitions over scan segments
    std::string hk, rk;     // rk is empty without a range key
    bool operator==(const ItemKey&) const = default;
};

struct IndexKey {
    std::int64_t hash = 0;
    std::string hk, rk;
    bool operator==(const IndexKey&) const = default;
};

std::int64_t key_hash(std::string_view hk);

// Appends one part of a key that has `parts` of them.
void append_key_part(std::string& out, ValueView value, std::size_t parts);

// The key of a whole item to be written. Throws when a key attribute is missing, of a wrong type, empty or too long.
ItemKey item_key(const Table& table, ItemView item);
// The key of a Key parameter: exactly the key attributes. Throws key_does_not_match_schema() and its like.
ItemKey exact_key(const Table& table, ItemView key);
// The key of an item that is known to be good.
ItemKey stored_key(const Table& table, ItemView item);

// The item's place in the index; nothing when a part is missing or could not be indexed.
std::optional<IndexKey> index_key(const Index& index, ItemView item);

// Throws when a value that an index needs as key has the wrong type or is empty or too long.
void check_index_keys(const Table& table, ItemView item);
// The same for an update, in its words; only what differs from `before` is blamed. AttributeUpdates (`legacy`) have those of a put
// for a wrong type.
void check_updated_index_keys(const Table& table, ItemView before, ItemView after, bool legacy);

// Checks one key value's length and that it is not empty.
void check_key_value(const KeyPart& part, bool hash, ValueView value);

}  // namespace virga::table
