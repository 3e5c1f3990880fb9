// The PATCH operations of updates: [{op, path, value, from}], applied in order, all or none.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/value.hpp"

namespace virga::apigateway {

struct Patch {
    std::string op;                  // add, remove, replace, move, copy, test
    std::string path;                // as sent
    std::vector<std::string> parts;  // of path, with ~1 and ~0 undone
    std::optional<std::string> value;
    std::string from;

    bool is(std::string_view first, std::size_t count) const { return parts.size() == count && parts[0] == first; }
    bool removes() const { return op == "remove"; }
    std::string text() const { return value.value_or(""); }
    bool flag() const { return value == "true"; }
};

std::vector<Patch> read_patches(const Value& input);

// The forms that most entities share. Each throws the service's error for an operation it does not have.

// `op` must be one of those listed ("add, replace").
void allow_ops(const Patch& patch, std::string_view ops);
// Puts (or removes) the string at to[name].
void patch_text(Object& to, std::string_view name, const Patch& patch);
void patch_flag(Object& to, std::string_view name, const Patch& patch);
// Puts or removes `key` in the map under to[name], which goes when it is empty. `as_bool`: values are "true" and "false".
void patch_map(Object& to, std::string_view name, std::string_view key, const Patch& patch, bool as_bool = false);
// Adds or removes a string in the list under to[name].
void patch_list(Object& to, std::string_view name, const std::string& element, const Patch& patch);

}  // namespace virga::apigateway
