// The fields that patterns ask for, as a tree of names, so that an event is read once and only where somebody looks.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace virga::bus {

using FieldId = std::uint32_t;
inline constexpr FieldId no_field = 0xffffffff;

// Paths are names joined by '.'; a name that contains dots is the same path as the names between them, nested.
class FieldTable {
public:
    class Node {
    public:
        FieldId field = no_field;  // set while the path is used itself
        // Where a member's name leads; null when nobody asks for anything there.
        const Node* find(std::string_view name) const;

    private:
        friend class FieldTable;
        Node* child(std::string_view step) const;
        Node* child_or_new(std::string_view step);
        std::vector<std::pair<std::string, std::unique_ptr<Node>>> children_;
        // Only when there are many children; keys point into children_.
        std::unordered_map<std::string_view, Node*> by_name_;
        std::uint32_t users_ = 0;  // uses of this path and of all below
    };

    // Counts a use of the path.
    FieldId use(std::string_view path);
    void release(FieldId field);

    const Node& root() const { return root_; }
    // All ids are below this.
    std::size_t size() const { return paths_.size(); }
    const std::string& path(FieldId field) const { return paths_[field]; }

private:
    struct Use {
        Node* node;
        std::uint32_t count;
    };
    Node root_;
    std::deque<std::string> paths_;
    std::vector<Use> uses_;
    std::unordered_map<std::string_view, FieldId> ids_;
};

}  // namespace virga::bus
