#include "emulator/world/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "emulator/base/time_format.hpp"

namespace virga {

std::string TraceContext::header() const {
    if (root.empty()) return {};
    return fmt::format("Root={};Parent={:016x};Sampled=0", root, parent);
}

TraceContext TraceContext::parse(std::string_view header) {
    TraceContext t;
    while (!header.empty()) {
        std::string_view part = header.substr(0, header.find(';'));
        header.remove_prefix(std::min(part.size() + 1, header.size()));
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        if (part.starts_with("Root=")) t.root = part.substr(5, 64);
        if (part.starts_with("Parent=")) std::from_chars(part.data() + 7, part.data() + part.size(), t.parent, 16);
    }
    if (t.root.empty()) t.parent = 0;
    return t;
}

std::string new_trace_root(TimeMs now, std::uint64_t high, std::uint64_t low) {
    std::string root(35, '-');
    root[0] = '1';
    auto hex = [&root](std::size_t at, int digits, std::uint64_t v) {
        for (; digits > 0; v >>= 4) root[at + static_cast<std::size_t>(--digits)] = "0123456789abcdef"[v & 15];
    };
    hex(2, 8, static_cast<std::uint64_t>(now / 1000));
    hex(11, 16, high);
    hex(27, 8, low);
    return root;
}

Span& Trace::next_place() {
    if (spans_.size() < capacity_) return spans_.emplace_back();
    Span& place = spans_[oldest_];
    oldest_ = (oldest_ + 1) % capacity_;
    return place;
}

void Trace::record(Span span) {
    std::lock_guard lock(mutex_);
    std::swap(next_place(), span);  // the old one is freed after the lock
}

// In place: the texts of the old span have room for those of the new.
void Trace::record(const SpanText& span) {
    std::lock_guard lock(mutex_);
    Span& s = next_place();
    s.id = span.id;
    s.parent = span.parent;
    s.root = span.root;
    s.kind = span.kind;
    s.name.assign(span.service).append(1, ':').append(span.operation);
    s.resource = span.resource;
    s.account = span.account;
    s.region = span.region;
    s.started = span.started;
    s.ended = span.ended;
    s.real_us = span.real_us;
    s.outcome = span.outcome;
    s.links.clear();
}

std::vector<Span> Trace::by_root(std::string_view root) const {
    std::vector<Span> out;
    {
        std::lock_guard lock(mutex_);
        for (std::size_t age = 0; age < spans_.size(); ++age) {
            const Span& s = at(age);
            bool linked = std::any_of(s.links.begin(), s.links.end(), [&](const TraceContext& l) { return l.root == root; });
            if (s.root == root || linked) out.push_back(s);
        }
        // What a linked span caused carries that span's own trace: follow it down.
        std::set<std::uint64_t> wanted, have;
        for (const Span& s : out) {
            have.insert(s.id);
            if (s.root != root) wanted.insert(s.id);
        }
        for (bool found = !wanted.empty(); found;) {
            found = false;
            for (std::size_t age = 0; age < spans_.size(); ++age)
                if (const Span& s = at(age); wanted.contains(s.parent) && have.insert(s.id).second) {
                    wanted.insert(s.id);
                    out.push_back(s);
                    found = true;
                }
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const Span& a, const Span& b) { return a.started < b.started; });
    return out;
}

std::vector<Span> Trace::by_resource(std::string_view resource, std::size_t limit) const {
    std::lock_guard lock(mutex_);
    std::vector<Span> out;
    const std::string after_slash = '/' + std::string(resource), after_colon = ':' + std::string(resource);
    for (std::size_t i = 0; i < spans_.size() && out.size() < limit; ++i) {
        const Span& s = newest_at(i);
        if (s.resource == resource || s.resource.ends_with(after_slash) || s.resource.ends_with(after_colon)) out.push_back(s);
    }
    return out;
}

std::vector<Span> Trace::newest(std::size_t limit) const {
    std::lock_guard lock(mutex_);
    std::vector<Span> out;
    for (std::size_t i = 0; i < spans_.size() && out.size() < limit; ++i) out.push_back(newest_at(i));
    return out;
}

void Trace::clear() {
    std::lock_guard lock(mutex_);
    spans_.clear();
    oldest_ = 0;
}

Value span_document(const Span& s) {
    Object o;
    o["id"] = fmt::format("{:016x}", s.id);
    if (s.parent) o["parent"] = fmt::format("{:016x}", s.parent);
    o["trace"] = s.root;
    o["kind"] = s.kind;
    o["name"] = s.name;
    if (!s.resource.empty()) o["resource"] = s.resource;
    o["account"] = s.account;
    o["region"] = s.region;
    o["started"] = iso8601(s.started, true);
    o["ended"] = iso8601(s.ended, true);
    o["microseconds"] = s.real_us;
    o["outcome"] = s.outcome;
    if (!s.links.empty()) {
        Array links;
        for (const TraceContext& l : s.links) links.push_back(Object{{"trace", l.root}, {"parent", fmt::format("{:016x}", l.parent)}});
        o["links"] = std::move(links);
    }
    return o;
}

Value Trace::tree(std::string_view root) const {
    std::vector<Span> spans = by_root(root);
    std::map<std::uint64_t, std::vector<const Span*>> children;
    std::set<std::uint64_t> ids;
    for (const Span& s : spans) ids.insert(s.id);
    std::vector<const Span*> roots;
    for (const Span& s : spans) {
        std::uint64_t parent = s.parent;
        if (s.root != root)  // came in by a link: hangs under that cause
            for (const TraceContext& l : s.links)
                if (l.root == root) {
                    parent = l.parent;
                    break;
                }
        if (ids.contains(parent) && parent != s.id) children[parent].push_back(&s);
        else roots.push_back(&s);
    }
    struct Builder {
        std::map<std::uint64_t, std::vector<const Span*>>& children;
        Value build(const Span& s, int depth) {
            Value v = span_document(s);
            Array below;
            if (auto it = children.find(s.id); it != children.end() && depth < 200)
                for (const Span* c : it->second) below.push_back(build(*c, depth + 1));
            v["children"] = std::move(below);
            return v;
        }
    } builder{children};
    Array forest;
    for (const Span* s : roots) forest.push_back(builder.build(*s, 0));
    return forest;
}

}  // namespace virga
