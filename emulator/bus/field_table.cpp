#include "emulator/bus/field_table.hpp"

namespace virga::bus {

namespace {

// Above this many children a hash beats comparing one by one.
constexpr std::size_t few_children = 8;

// Calls `f` with each step of a dotted path.
template <class F>
void each_step(std::string_view path, F f) {
    while (true) {
        auto dot = path.find('.');
        f(path.substr(0, dot));
        if (dot == std::string_view::npos) return;
        path.remove_prefix(dot + 1);
    }
}

}  // namespace

FieldTable::Node* FieldTable::Node::child(std::string_view step) const {
    if (!by_name_.empty()) {
        auto it = by_name_.find(step);
        return it == by_name_.end() ? nullptr : it->second;
    }
    for (const auto& [name, node] : children_)
        if (name == step) return node.get();
    return nullptr;
}

FieldTable::Node* FieldTable::Node::child_or_new(std::string_view step) {
    if (auto* known = child(step)) return known;
    bool moves = children_.size() == children_.capacity();
    children_.emplace_back(std::string(step), std::make_unique<Node>());
    auto* added = children_.back().second.get();
    if (children_.size() <= few_children) return added;
    if (moves || by_name_.empty()) {
        by_name_.clear();
        for (const auto& [name, node] : children_) by_name_.emplace(name, node.get());
    } else {
        by_name_.emplace(children_.back().first, added);
    }
    return added;
}

const FieldTable::Node* FieldTable::Node::find(std::string_view name) const {
    const Node* node = this;
    if (name.find('.') == std::string_view::npos) {
        node = child(name);
    } else {
        each_step(name, [&](std::string_view step) {
            if (node) node = node->child(step);
        });
    }
    return node && node->users_ > 0 ? node : nullptr;
}

FieldId FieldTable::use(std::string_view path) {
    Node* node = &root_;
    each_step(path, [&](std::string_view step) {
        node = node->child_or_new(step);
        ++node->users_;
    });
    auto known = ids_.find(path);
    FieldId id;
    if (known == ids_.end()) {
        id = static_cast<FieldId>(paths_.size());
        paths_.emplace_back(path);
        uses_.push_back({node, 0});
        ids_.emplace(paths_.back(), id);
    } else {
        id = known->second;
    }
    ++uses_[id].count;
    node->field = id;
    return id;
}

void FieldTable::release(FieldId field) {
    Node* node = &root_;
    each_step(paths_[field], [&](std::string_view step) {
        node = node->child(step);
        --node->users_;
    });
    if (--uses_[field].count == 0) node->field = no_field;
}

}  // namespace virga::bus
