// An item opened for change. Only the maps and lists on the way to what changes are taken apart; all else stays raw bytes.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/table/attribute.hpp"

namespace virga::table {

// A value inside an opened item. Raw values are views into bytes that must outlive the tree.
class TreeNode {
public:
    TreeNode() = default;
    explicit TreeNode(ValueView raw) : raw_(raw) {}
    static TreeNode item(ItemView item);

    // The member or element, opened for going deeper; null when it does not exist or this is of another type.
    TreeNode* member(std::string_view name);
    TreeNode* element(std::size_t index);

    // Writing below this one. All answer false when this is no map (or list).
    bool set_member(std::string_view name, ValueView value);
    bool remove_member(std::string_view name);
    // List positions are those before the update: what is set past the end is appended in the order of its index, what is removed
    // leaves only when the item is written.
    bool set_element(std::size_t index, ValueView value);
    bool remove_element(std::size_t index);

    // Appends the value (or, for an item, its members).
    void encode(std::string& out) const;
    void encode_members(std::string& out) const;

private:
    enum class Form : std::uint8_t { raw, map, list };
    bool open_map();
    bool open_list();

    Form form_ = Form::raw;
    bool removed_ = false;
    ValueView raw_;
    std::vector<std::pair<std::string_view, TreeNode>> members_;  // sorted by name
    std::vector<TreeNode> elements_;
    std::map<std::size_t, ValueView> appended_;
};

}  // namespace virga::table
