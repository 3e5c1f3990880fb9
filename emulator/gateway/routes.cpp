#include "emulator/gateway/routes.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"

namespace virga::gateway {
namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> parts;
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return parts;
    for (std::size_t from = 0;;) {
        std::size_t to = path.find('/', from);
        parts.emplace_back(path.substr(from, to - from));
        if (to == std::string_view::npos) return parts;
        from = to + 1;
    }
}

int rank(std::string_view part) { return is_greedy(part) ? 2 : is_variable(part) ? 1 : 0; }

bool more_specific(const Route& a, const Route& b) {
    return std::lexicographical_compare(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                                        [](const std::string& x, const std::string& y) { return rank(x) < rank(y); });
}

bool fits(const Route& route, const std::vector<std::string>& sent, std::vector<std::pair<std::string, std::string>>& parameters) {
    parameters.clear();
    for (std::size_t i = 0; i < route.parts.size(); ++i) {
        const std::string& part = route.parts[i];
        if (i >= sent.size()) return false;
        if (is_greedy(part)) {
            std::string rest = sent[i];
            for (std::size_t k = i + 1; k < sent.size(); ++k) rest += "/" + sent[k];
            parameters.emplace_back(variable_name(part), percent_decode(rest));
            return true;
        }
        if (is_variable(part)) parameters.emplace_back(variable_name(part), percent_decode(sent[i]));
        else if (part != sent[i] && part != percent_decode(sent[i])) return false;
    }
    return sent.size() == route.parts.size();
}

}  // namespace

bool is_variable(std::string_view part) { return part.size() > 2 && part.front() == '{' && part.back() == '}'; }
bool is_greedy(std::string_view part) { return is_variable(part) && part[part.size() - 2] == '+'; }

std::string_view variable_name(std::string_view part) {
    return part.substr(1, part.size() - (is_greedy(part) ? 3 : 2));
}

Routes::Routes(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (Route& r : routes_) r.parts = split(r.path);
    std::stable_sort(routes_.begin(), routes_.end(), more_specific);
}

Match Routes::find(std::string_view method, std::string_view path) const {
    const std::vector<std::string> sent = split(path);
    Match match;
    for (const Route& route : routes_) {
        const Value* own = route.methods.find(method);
        const Value* document = own ? own : route.methods.find("ANY");
        if (!document || !fits(route, sent, match.parameters)) continue;
        match.route = &route;
        match.method = document;
        match.verb = own ? std::string(method) : "ANY";
        return match;
    }
    match.parameters.clear();
    return match;
}

}  // namespace virga::gateway
