#include "emulator/table/item_tree.hpp"

#include <algorithm>

namespace virga::table {

TreeNode TreeNode::item(ItemView item) {
    TreeNode node;
    node.form_ = Form::map;
    for (Members m = item.members(); m.next();) node.members_.emplace_back(m.name(), TreeNode(m.value()));
    return node;
}

bool TreeNode::open_map() {
    if (form_ != Form::raw) return form_ == Form::map;
    if (!raw_ || raw_.type() != Type::m) return false;
    form_ = Form::map;
    for (Members m(raw_.content()); m.next();) members_.emplace_back(m.name(), TreeNode(m.value()));
    return true;
}

bool TreeNode::open_list() {
    if (form_ != Form::raw) return form_ == Form::list;
    if (!raw_ || raw_.type() != Type::l) return false;
    form_ = Form::list;
    for (Elements e(raw_); e.more();) elements_.emplace_back(e.next_value());
    return true;
}

namespace {
auto position(auto& members, std::string_view name) {
    return std::lower_bound(members.begin(), members.end(), name, [](const auto& m, std::string_view n) { return m.first < n; });
}
}  // namespace

TreeNode* TreeNode::member(std::string_view name) {
    if (!open_map()) return nullptr;
    auto at = position(members_, name);
    return at != members_.end() && at->first == name ? &at->second : nullptr;
}

TreeNode* TreeNode::element(std::size_t index) {
    if (!open_list() || index >= elements_.size()) return nullptr;
    return &elements_[index];
}

bool TreeNode::set_member(std::string_view name, ValueView value) {
    if (!open_map()) return false;
    auto at = position(members_, name);
    if (at != members_.end() && at->first == name) at->second = TreeNode(value);
    else members_.emplace(at, name, TreeNode(value));
    return true;
}

bool TreeNode::remove_member(std::string_view name) {
    if (!open_map()) return false;
    auto at = position(members_, name);
    if (at != members_.end() && at->first == name) members_.erase(at);
    return true;
}

bool TreeNode::set_element(std::size_t index, ValueView value) {
    if (!open_list()) return false;
    if (index < elements_.size()) elements_[index] = TreeNode(value);
    else appended_[index] = value;
    return true;
}

bool TreeNode::remove_element(std::size_t index) {
    if (!open_list()) return false;
    if (index < elements_.size()) elements_[index].removed_ = true;
    return true;
}

void TreeNode::encode_members(std::string& out) const {
    append_varint(out, members_.size());
    for (const auto& [name, node] : members_) {
        append_varint(out, name.size());
        out += name;
        node.encode(out);
    }
}

void TreeNode::encode(std::string& out) const {
    if (form_ == Form::raw) {
        out += raw_.bytes();
        return;
    }
    out.push_back(form_ == Form::map ? 'M' : 'L');
    const std::size_t start = out.size();
    if (form_ == Form::map) {
        encode_members(out);
    } else {
        append_varint(out, static_cast<std::size_t>(std::count_if(elements_.begin(), elements_.end(), [](const TreeNode& e) { return !e.removed_; })) + appended_.size());
        for (const TreeNode& e : elements_)
            if (!e.removed_) e.encode(out);
        for (const auto& [index, value] : appended_) out += value.bytes();
    }
    prefix_length(out, start);
}

}  // namespace virga::table
