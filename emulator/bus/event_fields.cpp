#include "emulator/bus/event_fields.hpp"

#include "emulator/bus/json_text.hpp"

namespace virga::bus {

bool EventFields::read(std::string_view event, const FieldTable& table) {
    text_ = event;
    at_ = 0;
    entries_.clear();
    elements_.clear();
    touched_.clear();
    seen_.clear();
    unescaped_.clear();
    arrays_ = 0;
    if (heads_.size() < table.size()) heads_.resize(table.size());
    if (++epoch_ == 0) {  // wrapped: old marks would look new
        heads_.assign(heads_.size(), Head{});
        epoch_ = 1;
    }
    skip_space();
    if (at_ >= text_.size() || text_[at_] != '{') return false;
    if (!read_object(table.root(), -1, 0)) return false;
    skip_space();
    if (at_ != text_.size()) return false;
    link();
    return true;
}

// Chains the values of each field, in their order in the event.
void EventFields::link() {
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(entries_.size()); ++i) {
        auto& e = entries_[static_cast<std::size_t>(i)];
        if (e.field == no_field) continue;  // overwritten by a later member of the same name
        auto& head = heads_[e.field];
        if (head.epoch != epoch_) {
            head = {epoch_, i, i};
            touched_.push_back(e.field);
        } else {
            entries_[static_cast<std::size_t>(head.last)].next = i;
            head.last = i;
        }
    }
}

void EventFields::skip_space() {
    while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
}

// A string at the opening quote: its inside, unescaped only when it must be.
bool EventFields::read_text(std::string_view& out) {
    std::size_t begin = ++at_;
    bool escaped = false;
    while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') {
            escaped = true;
            ++at_;
        }
        ++at_;
    }
    if (at_ >= text_.size()) return false;
    out = text_.substr(begin, at_ - begin);
    ++at_;
    if (!escaped) return true;
    unescaped_.emplace_back();
    if (!unescape(out, unescaped_.back())) return false;
    out = unescaped_.back();
    return true;
}

// The brace is at the cursor.
bool EventFields::read_object(const Node& node, std::int32_t element, int depth) {
    if (depth > static_cast<int>(max_json_depth)) return false;
    auto seen_before = seen_.size();
    ++at_;
    skip_space();
    if (at_ < text_.size() && text_[at_] == '}') {
        ++at_;
        return true;
    }
    while (true) {
        skip_space();
        if (at_ >= text_.size() || text_[at_] != '"' || !read_member(node, element, depth, seen_before)) return false;
        skip_space();
        if (at_ >= text_.size()) return false;
        char c = text_[at_++];
        if (c == ',') continue;
        seen_.resize(seen_before);
        return c == '}';
    }
}

bool EventFields::read_member(const Node& node, std::int32_t element, int depth, std::size_t seen_before) {
    std::string_view name;
    if (!read_text(name)) return false;
    skip_space();
    if (at_ >= text_.size() || text_[at_] != ':') return false;
    ++at_;
    skip_space();
    const Node* below = node.find(name);
    if (!below) {
        at_ = skip_json_value(text_, at_);
        return at_ != std::string_view::npos;
    }
    for (auto i = seen_before; i < seen_.size(); ++i) {
        if (seen_[i].node != below || seen_[i].name != name) continue;
        for (auto e = seen_[i].begin; e < seen_[i].end; ++e) entries_[static_cast<std::size_t>(e)].field = no_field;
    }
    auto begin = static_cast<std::int32_t>(entries_.size());
    if (!read_value(*below, element, depth)) return false;
    seen_.push_back({below, name, begin, static_cast<std::int32_t>(entries_.size())});
    return true;
}

bool EventFields::read_value(const Node& node, std::int32_t element, int depth) {
    if (at_ >= text_.size()) return false;
    if (text_[at_] == '{') return read_object(node, element, depth + 1);
    if (text_[at_] == '[') return read_array(node, element, depth + 1);
    return read_scalar(node, element);
}

// The bracket is at the cursor.
bool EventFields::read_array(const Node& node, std::int32_t element, int depth) {
    if (depth > static_cast<int>(max_json_depth)) return false;
    std::int32_t array = arrays_++;
    ++at_;
    skip_space();
    if (at_ < text_.size() && text_[at_] == ']') {
        ++at_;
        return true;
    }
    for (std::int32_t index = 0;; ++index) {
        skip_space();
        if (at_ >= text_.size()) return false;
        std::int32_t inside = element;
        if (text_[at_] == '{' || text_[at_] == '[') {
            elements_.push_back({element, array, index});
            inside = static_cast<std::int32_t>(elements_.size()) - 1;
        }
        if (!read_value(node, inside, depth)) return false;
        skip_space();
        if (at_ >= text_.size()) return false;
        char c = text_[at_++];
        if (c == ']') return true;
        if (c != ',') return false;
    }
}

bool EventFields::read_scalar(const Node& node, std::int32_t element) {
    std::string_view text;
    ValueKind kind = ValueKind::string;
    if (text_[at_] == '"') {
        if (!read_text(text)) return false;
    } else {
        auto begin = at_;
        at_ = skip_json_value(text_, at_);
        if (at_ == std::string_view::npos) return false;
        text = text_.substr(begin, at_ - begin);
        bool literal = text == "true" || text == "false" || text == "null";
        kind = literal ? ValueKind::literal : ValueKind::number;
        if (!literal && number_length(text) != text.size()) return false;
        if (text.empty()) return false;
    }
    if (node.field != no_field) entries_.push_back({EventValue(kind, text), node.field, element, -1});
    return true;
}

}  // namespace virga::bus
