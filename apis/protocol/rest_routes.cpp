#include "apis/protocol/rest_routes.hpp"

#include "emulator/base/encoding.hpp"

namespace virga::protocol {

using model::Location;
using model::Operation;

namespace {

using Query = std::vector<std::pair<std::string, std::string>>;
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;  // name, raw value

std::string_view take_segment(std::string_view& rest) {
    std::size_t end = std::min(rest.find('/'), rest.size());
    std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

// "/a/{B}/c/{D+}" against a raw path. Trailing slashes count for nothing, save inside a greedy label.
bool match_path(std::string_view tmpl, std::string_view path, Labels& labels, int& literals) {
    if (!tmpl.empty()) tmpl.remove_prefix(1);
    if (!path.empty()) path.remove_prefix(1);
    while (!tmpl.empty()) {
        std::string_view want = take_segment(tmpl);
        if (want.size() > 2 && want.front() == '{' && want[want.size() - 2] == '+') {
            labels.emplace_back(want.substr(1, want.size() - 3), "");
            std::string_view value = path;
            // What follows a greedy label is literal: it is looked for from the end.
            if (!tmpl.empty()) {
                if (value.size() <= tmpl.size() || !value.ends_with(tmpl) || value[value.size() - tmpl.size() - 1] != '/') return false;
                value.remove_suffix(tmpl.size() + 1);
                ++literals;
            }
            labels.back().second = value;
            return !value.empty();
        }
        std::string_view got = take_segment(path);
        if (want.size() > 1 && want.front() == '{' && want.back() == '}') {
            if (got.empty()) return false;
            labels.emplace_back(want.substr(1, want.size() - 2), got);
        } else {
            if (want != got && percent_decode(got) != want) return false;
            if (!want.empty()) ++literals;
        }
    }
    return path.empty();
}

const std::string* find(const Query& query, std::string_view name) {
    for (const auto& [n, v] : query)
        if (n == name) return &v;
    return nullptr;
}

// Literal parameters of the template: "uploads", "list-type=2". x-id names the operation for people; it is no condition.
bool match_query(std::string_view wanted, const Query& query, int& literals) {
    while (!wanted.empty()) {
        std::size_t end = std::min(wanted.find('&'), wanted.size());
        std::string_view pair = wanted.substr(0, end);
        wanted.remove_prefix(std::min(end + 1, wanted.size()));
        std::size_t eq = pair.find('=');
        std::string_view name = pair.substr(0, eq);
        if (name == "x-id") continue;
        const std::string* value = find(query, name);
        if (!value || (eq != std::string_view::npos && *value != pair.substr(eq + 1))) return false;
        ++literals;
    }
    return true;
}

// How many of the required query and header members are there, minus how many are not.
int required_present(const Operation& operation, const Query& query, const Headers& headers) {
    model::Shape input = operation.input();
    if (!input) return 0;
    int score = 0;
    for (std::size_t i = 0; i < input.member_count(); ++i) {
        model::Member m = input.member(i);
        if (!m->required) continue;
        if (m->location == Location::query_string) score += find(query, m.wire_name()) ? 1 : -1;
        if (m->location == Location::header) score += headers.has(m.wire_name()) ? 1 : -1;
    }
    return score;
}

// Whether it has required query members, and the request none of them.
bool lacks_query_members(const Operation& operation, const Query& query) {
    model::Shape input = operation.input();
    bool lacking = false;
    for (std::size_t i = 0; input && i < input.member_count(); ++i) {
        model::Member m = input.member(i);
        if (!m->required || m->location != Location::query_string) continue;
        if (find(query, m.wire_name())) return false;
        lacking = true;
    }
    return lacking;
}

}  // namespace

RestRoute route_rest(const model::Service& service, std::string_view method, std::string_view path, std::string_view query, const Headers& headers) {
    RestRoute best;
    Labels best_labels;
    Query parameters = parse_query(query);
    int best_score = 0;
    for (std::size_t i = 0; i < service.operation_count(); ++i) {
        Operation operation = service.operation(i);
        if (operation.method() != method) continue;
        std::string_view uri = operation.uri();
        std::size_t mark = std::min(uri.find('?'), uri.size());
        Labels labels;
        int path_literals = 0, query_literals = 0;
        if (!match_path(uri.substr(0, mark), path, labels, path_literals)) continue;
        if (!match_query(uri.substr(std::min(mark + 1, uri.size())), parameters, query_literals)) continue;
        // A POST to an object is no completion of an upload as long as it names none.
        if (path_literals == 0 && query_literals == 0 && lacks_query_members(operation, parameters)) continue;
        // A bucket has no literal in its path: a path with literals beats one of labels only, a query literal decides between equals.
        int score = 1 + path_literals * 10000 + query_literals * 100 + required_present(operation, parameters, headers);
        if (best.operation && score <= best_score) continue;
        best_score = score;
        best.operation = operation;
        best_labels = std::move(labels);
    }
    for (const auto& [name, value] : best_labels) best.labels.emplace_back(std::string(name), percent_decode(value));
    return best;
}

}  // namespace virga::protocol
