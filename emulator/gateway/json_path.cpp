#include "emulator/gateway/json_path.hpp"

#include <charconv>
#include <string>

namespace virga::gateway {
namespace {

using Nodes = std::vector<const Value*>;

void children(const Value& v, Nodes& out) {
    if (v.is_array())
        for (const Value& e : v.as_array()) out.push_back(&e);
    if (v.is_object())
        for (const auto& m : v.as_object()) out.push_back(&m.value);
}

void descendants(const Value& v, Nodes& out) {
    out.push_back(&v);
    Nodes next;
    children(v, next);
    for (const Value* c : next) descendants(*c, out);
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t n = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return n;
}

class Walk {
public:
    Walk(const Value& root, std::string_view path) : path_(path), at_{&root} {}

    bool run() {
        if (path_.starts_with('$')) path_.remove_prefix(1);
        while (!path_.empty()) {
            bool ok = path_[0] == '.' ? dot() : path_[0] == '[' ? bracket() : name_step();
            if (!ok) return false;
        }
        return true;
    }
    PathResult take() { return {std::move(at_), many_}; }

private:
    bool dot() {
        path_.remove_prefix(1);
        if (path_.starts_with('.')) {
            path_.remove_prefix(1);
            many_ = true;
            Nodes all;
            for (const Value* v : at_) descendants(*v, all);
            at_ = std::move(all);
            if (path_.starts_with('[')) return true;
        }
        return name_step();
    }

    bool name_step() {
        std::size_t end = path_.find_first_of(".[");
        std::string_view name = path_.substr(0, end);
        if (name.empty()) return false;
        path_.remove_prefix(name.size());
        if (name == "*") wildcard();
        else member(name);
        return true;
    }

    bool bracket() {
        if (path_.size() > 2 && (path_[1] == '\'' || path_[1] == '"')) {
            std::size_t end = path_.find(path_[1], 2);
            if (end == std::string_view::npos || !path_.substr(end + 1).starts_with(']')) return false;
            member(path_.substr(2, end - 2));
            path_.remove_prefix(end + 2);
            return true;
        }
        std::size_t end = path_.find(']');
        if (end == std::string_view::npos) return false;
        std::string_view inside = path_.substr(1, end - 1);
        path_.remove_prefix(end + 1);
        if (inside == "*") {
            wildcard();
            return true;
        }
        if (std::size_t colon = inside.find(':'); colon != std::string_view::npos) return slice(inside.substr(0, colon), inside.substr(colon + 1));
        auto n = number(inside);
        if (!n) return false;
        Nodes next;
        for (const Value* v : at_) {
            if (!v->is_array()) continue;
            const auto size = static_cast<std::int64_t>(v->as_array().size());
            const std::int64_t i = *n < 0 ? size + *n : *n;
            if (i >= 0 && i < size) next.push_back(&v->as_array()[static_cast<std::size_t>(i)]);
        }
        at_ = std::move(next);
        return true;
    }

    bool slice(std::string_view from_text, std::string_view to_text) {
        many_ = true;
        Nodes next;
        for (const Value* v : at_) {
            if (!v->is_array()) continue;
            const auto size = static_cast<std::int64_t>(v->as_array().size());
            std::int64_t from = number(from_text).value_or(0), to = number(to_text).value_or(size);
            if (from < 0) from = std::max<std::int64_t>(0, size + from);
            if (to < 0) to = size + to;
            for (; from < std::min(to, size); ++from) next.push_back(&v->as_array()[static_cast<std::size_t>(from)]);
        }
        at_ = std::move(next);
        return true;
    }

    void member(std::string_view name) {
        Nodes next;
        for (const Value* v : at_)
            if (const Value* m = v->find(name)) next.push_back(m);
        at_ = std::move(next);
    }

    void wildcard() {
        many_ = true;
        Nodes next;
        for (const Value* v : at_) children(*v, next);
        at_ = std::move(next);
    }

    std::string_view path_;
    Nodes at_;
    bool many_ = false;
};

}  // namespace

std::optional<PathResult> json_path(const Value& root, std::string_view path) {
    Walk walk(root, path);
    if (!walk.run()) return {};
    return walk.take();
}

std::optional<Value> json_path_value(const Value& root, std::string_view path) {
    auto result = json_path(root, path);
    if (!result) return {};
    if (!result->many) return result->matches.empty() ? std::nullopt : std::optional(*result->matches[0]);
    Array all;
    for (const Value* v : result->matches) all.push_back(*v);
    return Value(std::move(all));
}

}  // namespace virga::gateway
