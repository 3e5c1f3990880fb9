#include "apis/apigateway/patch.hpp"

#include <algorithm>

#include "apis/apigateway/errors.hpp"

namespace virga::apigateway {
namespace {

std::string unescape(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1')) out += part[++i] == '1' ? '/' : '~';
        else out += part[i];
    }
    return out;
}

}  // namespace

std::vector<Patch> read_patches(const Value& input) {
    std::vector<Patch> out;
    for (const Value& v : input.list("patchOperations")) {
        Patch p{std::string(v.text("op")), std::string(v.text("path")), {}, {}, std::string(v.text("from"))};
        if (v.has("value")) p.value = std::string(v.text("value"));
        if (!p.path.starts_with('/')) throw errors::bad_patch_path(p.path);
        std::string_view rest = std::string_view(p.path).substr(1);
        for (std::size_t from = 0;;) {
            std::size_t to = rest.find('/', from);
            p.parts.push_back(unescape(rest.substr(from, to - from)));
            if (to == std::string_view::npos) break;
            from = to + 1;
        }
        out.push_back(std::move(p));
    }
    return out;
}

void allow_ops(const Patch& patch, std::string_view ops) {
    for (std::string_view rest = ops; !rest.empty();) {
        std::size_t comma = rest.find(", ");
        if (rest.substr(0, comma) == patch.op) return;
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
    }
    throw errors::bad_patch_op(ops);
}

void patch_text(Object& to, std::string_view name, const Patch& patch) {
    if (patch.removes() || patch.text().empty()) to.erase(name);
    else to[name] = patch.text();
}

void patch_flag(Object& to, std::string_view name, const Patch& patch) { to[name] = patch.flag(); }

void patch_map(Object& to, std::string_view name, std::string_view key, const Patch& patch, bool as_bool) {
    if (patch.removes()) {
        Value* map = to.find(name);
        if (!map || !map->as_object().erase(key)) throw errors::no_patch_parameter();
        if (map->as_object().empty()) to.erase(name);
        return;
    }
    Value& map = to[name];
    map[key] = as_bool ? Value(patch.flag()) : Value(patch.text());
}

void patch_list(Object& to, std::string_view name, const std::string& element, const Patch& patch) {
    Value& list = to[name];
    if (list.is_null()) list = Array{};
    Array& a = list.as_array();
    std::erase_if(a, [&](const Value& v) { return v.is_string() && v.as_string() == element; });
    if (!patch.removes()) a.push_back(element);
    if (a.empty()) to.erase(name);
}

}  // namespace virga::apigateway
