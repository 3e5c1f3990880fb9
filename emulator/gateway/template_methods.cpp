#include "emulator/gateway/template_methods.hpp"

#include <algorithm>
#include <charconv>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/gateway/regex.hpp"
#include "emulator/gateway/template.hpp"

namespace virga::gateway::vtl {
namespace {

using Arguments = std::vector<Any>;

std::string text(const Arguments& a, std::size_t i) { return i < a.size() ? to_text(a[i]) : ""; }

std::int64_t integer(const Any& v) {
    if (const auto* i = std::get_if<std::int64_t>(&v)) return *i;
    if (const auto* r = std::get_if<Real>(&v)) return static_cast<std::int64_t>(r->value);
    const std::string s = to_text(v);
    std::int64_t out = 0;
    if (std::from_chars(s.data(), s.data() + s.size(), out).ptr != s.data() + s.size() || s.empty())
        throw TemplateError("'" + s + "' is not a number");
    return out;
}

std::size_t position(const Arguments& a, std::size_t i, std::size_t size) {
    std::int64_t n = i < a.size() ? integer(a[i]) : static_cast<std::int64_t>(size);
    if (n < 0 || n > static_cast<std::int64_t>(size)) throw TemplateError("an index is out of range");
    return static_cast<std::size_t>(n);
}

Any found(std::size_t at) { return at == std::string::npos ? Any(std::int64_t{-1}) : Any(static_cast<std::int64_t>(at)); }

Regex pattern(const std::string& source) {
    auto regex = Regex::compile(source);
    if (!regex) throw TemplateError("'" + source + "' is not a regular expression");
    return std::move(*regex);
}

std::string replace_all(const std::string& s, const std::string& what, const std::string& with) {
    if (what.empty()) return s;
    std::string out;
    std::size_t from = 0;
    for (std::size_t at; (at = s.find(what, from)) != std::string::npos; from = at + what.size()) {
        out.append(s, from, at - from).append(with);
        if (out.size() > max_text) throw TemplateError("a text is too long");
    }
    return out.append(s, from);
}

std::string trim(const std::string& s) {
    std::size_t from = s.find_first_not_of(" \t\r\n"), to = s.find_last_not_of(" \t\r\n");
    return from == std::string::npos ? "" : s.substr(from, to - from + 1);
}

// Java's: a match at the end gives no empty string.
Any split(const std::string& s, const std::string& by) {
    auto out = make_list();
    for (std::string& part : pattern(by).split(s)) out->items.push_back(std::move(part));
    while (!out->items.empty() && to_text(out->items.back()).empty()) out->items.pop_back();
    return out;
}

std::string upper(std::string s) {
    for (char& c : s)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return s;
}

Any string_call(const std::string& s, const std::string& name, const Arguments& a) {
    if (name == "length") return static_cast<std::int64_t>(s.size());
    if (name == "isEmpty") return s.empty();
    if (name == "toString") return s;
    if (name == "trim") return trim(s);
    if (name == "toLowerCase") return to_lower(s);
    if (name == "toUpperCase") return upper(s);
    if (name == "contains") return s.find(text(a, 0)) != std::string::npos;
    if (name == "startsWith") return s.starts_with(text(a, 0));
    if (name == "endsWith") return s.ends_with(text(a, 0));
    if (name == "equals") return !a.empty() && !is_null(a[0]) && s == text(a, 0);
    if (name == "equalsIgnoreCase") return iequals(s, text(a, 0));
    if (name == "concat") return s + text(a, 0);
    if (name == "indexOf") return found(s.find(text(a, 0), a.size() > 1 ? position(a, 1, s.size()) : 0));
    if (name == "lastIndexOf") return found(s.rfind(text(a, 0)));
    if (name == "charAt") return s.substr(position(a, 0, s.size()), 1);
    if (name == "substring") {
        const std::size_t from = position(a, 0, s.size()), to = position(a, 1, s.size());
        if (to < from) throw TemplateError("an index is out of range");
        return s.substr(from, to - from);
    }
    if (name == "replace") return replace_all(s, text(a, 0), text(a, 1));
    if (name == "replaceAll") return pattern(text(a, 0)).replace(s, text(a, 1), true);
    if (name == "replaceFirst") return pattern(text(a, 0)).replace(s, text(a, 1), false);
    if (name == "matches") return pattern(text(a, 0)).matches(s);
    if (name == "split") return split(s, text(a, 0));
    if (name == "hashCode") {
        std::uint32_t h = 0;
        for (unsigned char c : s) h = h * 31 + c;
        return static_cast<std::int64_t>(static_cast<std::int32_t>(h));
    }
    if (name == "parseInt" || name == "intValue") return integer(s);
    return {};
}

Any list_call(const std::shared_ptr<List>& list, const std::string& name, const Arguments& a) {
    auto& items = list->items;
    auto where = [&] { return std::find_if(items.begin(), items.end(), [&](const Any& v) { return !a.empty() && equal(v, a[0]); }); };
    if (name == "size" || name == "length") return static_cast<std::int64_t>(items.size());
    if (name == "isEmpty") return items.empty();
    if (name == "get") return a.empty() ? Any() : index(list, a[0]);
    if (name == "contains") return where() != items.end();
    if (name == "indexOf") return where() == items.end() ? std::int64_t{-1} : static_cast<std::int64_t>(where() - items.begin());
    if (name == "iterator") return list;
    if (name == "toString") return to_text(list);
    if (name == "add") {
        if (a.size() == 2) items.insert(items.begin() + static_cast<std::ptrdiff_t>(position(a, 0, items.size())), a[1]);
        else if (a.size() == 1) items.push_back(a[0]);
        return a.size() == 1 ? Any(true) : Any();
    }
    if (name == "addAll") {
        const auto* other = a.empty() ? nullptr : std::get_if<std::shared_ptr<List>>(&a[0]);
        if (!other) return false;
        const std::vector<Any> more = (*other)->items;
        if (items.size() + more.size() > max_elements) throw TemplateError("a list is too long");
        items.insert(items.end(), more.begin(), more.end());
        return !more.empty();
    }
    if (name == "set" && a.size() == 2) {
        const std::size_t i = position(a, 0, items.size());
        if (i == items.size()) throw TemplateError("an index is out of range");
        return std::exchange(items[i], a[1]);
    }
    if (name == "remove" && a.size() == 1) {
        if (const auto* i = std::get_if<std::int64_t>(&a[0])) {
            if (*i < 0 || *i >= static_cast<std::int64_t>(items.size())) throw TemplateError("an index is out of range");
            Any removed = items[static_cast<std::size_t>(*i)];
            items.erase(items.begin() + *i);
            return removed;
        }
        auto it = where();
        if (it == items.end()) return false;
        items.erase(it);
        return true;
    }
    if (name == "subList" && a.size() == 2) {
        const std::size_t from = position(a, 0, items.size()), to = position(a, 1, items.size());
        if (to < from) throw TemplateError("an index is out of range");
        return make_list({items.begin() + static_cast<std::ptrdiff_t>(from), items.begin() + static_cast<std::ptrdiff_t>(to)});
    }
    return {};
}

Any entry_set(const Map& map) {
    auto out = make_list();
    for (const auto& [key, value] : map.entries) {
        auto entry = make_map();
        entry->set("key", key);
        entry->set("value", value);
        out->items.push_back(entry);
    }
    return out;
}

Any map_call(const std::shared_ptr<Map>& map, const std::string& name, const Arguments& a) {
    auto& entries = map->entries;
    if (name == "get" || name == "getOrDefault") {
        const Any* v = map->find(text(a, 0));
        return v ? *v : a.size() > 1 ? a[1] : Any();
    }
    if (name == "getKey" || name == "getValue") return property(map, name == "getKey" ? "key" : "value");
    if (name == "size") return static_cast<std::int64_t>(entries.size());
    if (name == "isEmpty") return entries.empty();
    if (name == "containsKey") return map->find(text(a, 0)) != nullptr;
    if (name == "toString") return to_text(map);
    if (name == "entrySet") return entry_set(*map);
    if (name == "remove") return map->remove(text(a, 0));
    if (name == "put" && a.size() == 2) {
        const Any* old = map->find(text(a, 0));
        Any before = old ? *old : Any();
        map->set(text(a, 0), a[1]);
        return before;
    }
    if (name == "putAll" && a.size() == 1) {
        if (const auto* other = std::get_if<std::shared_ptr<Map>>(&a[0]))
            for (const auto& [key, value] : std::vector((*other)->entries)) map->set(key, value);
        return {};
    }
    if (name == "containsValue")
        return std::any_of(entries.begin(), entries.end(), [&](const auto& e) { return !a.empty() && equal(e.second, a[0]); });
    if (name == "keySet" || name == "values") {
        auto out = make_list();
        for (const auto& [key, value] : entries) out->items.push_back(name == "keySet" ? Any(key) : value);
        return out;
    }
    return {};
}

Any number_call(const Any& v, const std::string& name, const Arguments& a) {
    if (name == "toString") return to_text(v);
    if (name == "intValue" || name == "longValue") return integer(v);
    if (name == "doubleValue" || name == "floatValue") return Real{to_double(v)};
    if (name == "parseInt" && !a.empty()) return integer(a[0]);  // as of java.lang.Integer, which any integer gives
    if (name == "equals") return !a.empty() && equal(v, a[0]);
    return {};
}

}  // namespace

Any property(const Any& of, const std::string& name) {
    if (const auto* map = std::get_if<std::shared_ptr<Map>>(&of)) {
        if (const Any* v = (*map)->find(name)) return *v;
        return name == "empty" ? Any((*map)->entries.empty()) : Any();
    }
    if (const auto* list = std::get_if<std::shared_ptr<List>>(&of)) return name == "empty" ? Any((*list)->items.empty()) : Any();
    if (const auto* s = std::get_if<std::string>(&of)) return name == "empty" ? Any(s->empty()) : Any();
    return {};
}

Any index(const Any& of, const Any& at) {
    if (const auto* map = std::get_if<std::shared_ptr<Map>>(&of)) {
        const Any* v = (*map)->find(to_text(at));
        return v ? *v : Any();
    }
    const auto* list = std::get_if<std::shared_ptr<List>>(&of);
    if (!list || !is_number(at)) return {};
    const auto size = static_cast<std::int64_t>((*list)->items.size());
    const std::int64_t wanted = integer(at), i = wanted < 0 ? size + wanted : wanted;
    return i >= 0 && i < size ? (*list)->items[static_cast<std::size_t>(i)] : Any();
}

Any call(const Any& of, const std::string& name, const Arguments& arguments) {
    if (const auto* s = std::get_if<std::string>(&of)) return string_call(*s, name, arguments);
    if (const auto* list = std::get_if<std::shared_ptr<List>>(&of)) return list_call(*list, name, arguments);
    if (const auto* map = std::get_if<std::shared_ptr<Map>>(&of)) return map_call(*map, name, arguments);
    if (is_number(of)) return number_call(of, name, arguments);
    if (std::holds_alternative<bool>(of) && name == "toString") return to_text(of);
    return {};
}

}  // namespace virga::gateway::vtl
