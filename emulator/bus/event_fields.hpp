// The values of an event that patterns may ask for.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/bus/event_value.hpp"
#include "emulator/bus/field_table.hpp"

namespace virga::bus {

// Reads the fields of a table out of an event's bytes. Meant to be used again and again: memory is kept from event to event.
// The event's bytes must outlive the use of the values.
class EventFields {
public:
    // An element of an array that is an object or an array itself: values below it belong together with each other, not with
    // those below its neighbours. Scalars directly in an array belong to no element.
    struct Element {
        std::int32_t parent;  // the element around it, -1 when none
        std::int32_t array;   // number of the array, in order of appearance
        std::int32_t index;
    };
    struct Entry {
        EventValue value;
        FieldId field;
        std::int32_t element;  // -1 when in none
        std::int32_t next;     // the field's next value, -1 at the end
    };

    // False when `event` is no JSON object (what is skipped is not checked in full).
    bool read(std::string_view event, const FieldTable& table);

    const std::vector<Entry>& entries() const { return entries_; }
    const std::vector<Element>& elements() const { return elements_; }
    std::int32_t arrays() const { return arrays_; }
    // The first value of a field as an index into entries(), -1 when it has none.
    std::int32_t first(FieldId field) const { return field < heads_.size() && heads_[field].epoch == epoch_ ? heads_[field].first : -1; }
    // The fields that have a value.
    const std::vector<FieldId>& touched() const { return touched_; }

private:
    using Node = FieldTable::Node;
    struct Head {
        std::uint32_t epoch = 0;
        std::int32_t first = -1, last = -1;
    };
    // A member read before in an object that is still open: of equal names the last counts.
    struct Seen {
        const Node* node;
        std::string_view name;
        std::int32_t begin, end;  // its entries
    };

    bool read_object(const Node& node, std::int32_t element, int depth);
    bool read_member(const Node& node, std::int32_t element, int depth, std::size_t seen_before);
    bool read_array(const Node& node, std::int32_t element, int depth);
    bool read_value(const Node& node, std::int32_t element, int depth);
    bool read_scalar(const Node& node, std::int32_t element);
    bool read_text(std::string_view& out);
    void skip_space();
    void link();

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Entry> entries_;
    std::vector<Element> elements_;
    std::vector<Head> heads_;
    std::vector<FieldId> touched_;
    std::vector<Seen> seen_;
    std::deque<std::string> unescaped_;
    std::int32_t arrays_ = 0;
    std::uint32_t epoch_ = 0;
};

}  // namespace virga::bus
