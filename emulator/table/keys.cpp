#include "emulator/table/keys.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::table {

std::int64_t key_hash(std::string_view hk) { return static_cast<std::int64_t>(hash64(hk) >> 32); }

void append_key_part(std::string& out, ValueView value, std::size_t parts) {
    std::string_view bytes = value.content();
    if (parts == 1 || value.type() == Type::n) {
        out += bytes;
        return;
    }
    for (char c : bytes) {
        out.push_back(c);
        if (c == '\0') out.push_back('\xff');
    }
    out.append(2, '\0');
}

namespace {

void check_length(bool hash, std::size_t length) {
    if (hash && length > limits::hash_key_bytes) throw errors::hash_key_too_long();
    if (!hash && length > limits::range_key_bytes) throw errors::range_key_too_long();
}

ItemKey make_key(ValueView hash, ValueView range) {
    ItemKey key;
    key.hk = hash.content();
    if (range) key.rk = range.content();
    key.hash = key_hash(key.hk);
    return key;
}

bool indexable(const KeyPart& part, bool hash, ValueView value) {
    if (!value || value.type() != part.type) return false;
    const std::size_t length = value.content().size();
    return length > 0 && length <= (hash ? limits::hash_key_bytes : limits::range_key_bytes);
}

template <class Use>
void each_part(const Index& index, Use use) {
    for (const KeyPart& p : index.hash) use(p, true);
    for (const KeyPart& p : index.range) use(p, false);
}

}  // namespace

void check_key_value(const KeyPart& part, bool hash, ValueView value) {
    if (value.content().empty()) throw errors::empty_key_value(part.name, part.type == Type::b);
    check_length(hash, value.content().size());
}

ItemKey item_key(const Table& table, ItemView item) {
    auto part = [&](const KeyPart& p, bool hash) {
        ValueView v = item.find(p.name);
        if (!v) throw errors::missing_key(p.name);
        if (v.type() != p.type) throw errors::key_type_mismatch(p.name, type_name(p.type), type_name(v.type()));
        check_key_value(p, hash, v);
        return v;
    };
    ValueView hash = part(table.hash, true);
    return make_key(hash, table.range ? part(*table.range, false) : ValueView());
}

ItemKey exact_key(const Table& table, ItemView key) {
    const std::size_t wanted = table.range ? 2 : 1;
    if (!key || key.members().left() != wanted) throw errors::key_does_not_match_schema();
    auto part = [&](const KeyPart& p) {
        ValueView v = key.find(p.name);
        if (!v || v.type() != p.type) throw errors::key_does_not_match_schema();
        return v;
    };
    ValueView hash = part(table.hash), range = table.range ? part(*table.range) : ValueView();
    check_key_value(table.hash, true, hash);
    if (range) check_key_value(*table.range, false, range);
    return make_key(hash, range);
}

ItemKey stored_key(const Table& table, ItemView item) {
    return make_key(item.find(table.hash.name), table.range ? item.find(table.range->name) : ValueView());
}

std::optional<IndexKey> index_key(const Index& index, ItemView item) {
    IndexKey key;
    bool whole = true;
    each_part(index, [&](const KeyPart& p, bool hash) {
        ValueView v = whole ? item.find(p.name) : ValueView();
        if (!indexable(p, hash, v)) whole = false;
        else append_key_part(hash ? key.hk : key.rk, v, hash ? index.hash.size() : index.range.size());
    });
    if (!whole) return std::nullopt;
    key.hash = key_hash(key.hk);
    return key;
}

void check_index_keys(const Table& table, ItemView item) {
    for (const Index& index : table.indexes)
        each_part(index, [&](const KeyPart& p, bool hash) {
            if (table.is_key(p.name)) return;
            ValueView v = item.find(p.name);
            if (!v) return;
            if (v.type() != p.type) throw errors::index_key_type_mismatch(p.name, type_name(p.type), type_name(v.type()), index.name);
            if (v.content().empty()) throw errors::empty_index_key_value(index.name, p.name, p.type == Type::b);
            check_length(hash, v.content().size());
        });
}

void check_updated_index_keys(const Table& table, ItemView before, ItemView after, bool legacy) {
    for (const Index& index : table.indexes)
        each_part(index, [&](const KeyPart& p, bool hash) {
            if (table.is_key(p.name)) return;
            ValueView v = after.find(p.name);
            if (!v || (before && before.find(p.name) == v)) return;
            if (v.type() != p.type)
                throw legacy ? errors::index_key_type_mismatch(p.name, type_name(p.type), type_name(v.type()), index.name) : errors::updated_index_key_type();
            if (v.content().empty()) throw errors::updated_index_key_empty(p.type == Type::b);
            check_length(hash, v.content().size());
        });
}

}  // namespace virga::table
