#include "emulator/table/projection.hpp"

#include <algorithm>

namespace virga::table {

namespace {

struct Step {
    const Path* path;
    std::size_t depth;  // elements already matched
};

class Projector {
public:
    explicit Projector(const Bound& bound) : bound_(bound) {}

    // Appends the members of a map (or item) that the steps lead to; answers how many.
    std::size_t members(std::string& out, Members from, const std::vector<Step>& steps) {
        const std::size_t start = out.size();
        std::size_t count = 0;
        while (from.next()) {
            auto deeper = matching(steps, [&](const PathElement& e) { return e.kind != PathElement::Kind::index && bound_.name(e) == from.name(); });
            if (deeper.empty()) continue;
            const std::size_t mark = out.size();
            append_varint(out, from.name().size());
            out += from.name();
            if (value(out, from.value(), deeper)) ++count;
            else out.resize(mark);
        }
        prefix_count(out, start, count);
        return count;
    }

private:
    template <class Matches>
    static std::vector<Step> matching(const std::vector<Step>& steps, Matches matches) {
        std::vector<Step> deeper;
        for (const Step& s : steps)
            if (matches((*s.path)[s.depth])) deeper.push_back({s.path, s.depth + 1});
        return deeper;
    }

    static void prefix_count(std::string& out, std::size_t start, std::size_t count) {
        std::string bytes;
        append_varint(bytes, count);
        out.insert(start, bytes);
    }

    // False, with nothing to keep, when no step leads to something inside `v`.
    bool value(std::string& out, ValueView v, const std::vector<Step>& steps) {
        for (const Step& s : steps)
            if (s.depth == s.path->size()) {
                out += v.bytes();
                return true;
            }
        if (v.type() != Type::m && v.type() != Type::l) return false;
        out.push_back(v.bytes()[0]);
        const std::size_t start = out.size();
        const std::size_t count = v.type() == Type::m ? members(out, Members(v.content()), steps) : elements(out, v, steps);
        prefix_length(out, start);
        return count > 0;
    }

    std::size_t elements(std::string& out, ValueView list, const std::vector<Step>& steps) {
        const std::size_t start = out.size();
        std::size_t count = 0, index = 0;
        for (Elements from(list); from.more(); ++index) {
            ValueView element = from.next_value();
            auto deeper = matching(steps, [&](const PathElement& e) { return e.kind == PathElement::Kind::index && e.number == index; });
            if (deeper.empty()) continue;
            const std::size_t mark = out.size();
            if (value(out, element, deeper)) ++count;
            else out.resize(mark);
        }
        prefix_count(out, start, count);
        return count;
    }

    const Bound& bound_;
};

}  // namespace

std::string project_paths(const Bound& bound, const std::vector<std::size_t>& paths, ItemView item) {
    std::vector<Step> steps;
    steps.reserve(paths.size());
    for (std::size_t p : paths) steps.push_back({&bound.path(p), 0});
    std::string out;
    Projector(bound).members(out, item.members(), steps);
    return out;
}

std::string project(const Bound& projection, ItemView item) { return project_paths(projection, projection.expression->target_paths, item); }

std::string project_names(const std::vector<std::string>& names, ItemView item) {
    std::string body;
    std::size_t count = 0;
    for (Members m = item.members(); m.next();) {
        if (std::find(names.begin(), names.end(), m.name()) == names.end()) continue;
        append_varint(body, m.name().size());
        body += m.name();
        body += m.value().bytes();
        ++count;
    }
    std::string out;
    append_varint(out, count);
    out += body;
    return out;
}

}  // namespace virga::table
