#include "apis/dynamodb/import_lines.hpp"

#include <algorithm>
#include <optional>

#include "apis/dynamodb/attribute_value.hpp"
#include "apis/dynamodb/errors.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/json.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// Takes one record off: its fields; nothing at the end.
std::optional<std::vector<std::string>> take_record(std::string_view& text, char delimiter) {
    if (text.empty()) return std::nullopt;
    std::vector<std::string> fields(1);
    bool quoted = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') fields.back() += c;
            else if (i + 1 < text.size() && text[i + 1] == '"') fields.back() += text[++i];
            else quoted = false;
        } else if (c == '"' && fields.back().empty()) {
            quoted = true;
        } else if (c == delimiter) {
            fields.emplace_back();
        } else if (c == '\n') {
            break;
        } else {
            fields.back() += c;
        }
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    if (!fields.back().empty() && fields.back().back() == '\r') fields.back().pop_back();
    return fields;
}

std::string_view type_of(const Table& t, std::string_view name) {
    for (const KeyPart& d : t.definitions)
        if (d.name == name) return type_name(d.type);
    return "S";
}

// An item in the API's form.
ImportLine encoded(const Object& attributes) {
    try {
        return {encode_item(attributes), {}};
    } catch (const ApiError& e) {
        return {{}, e.message};
    }
}

}  // namespace

void read_json_lines(std::string_view text, const UseLine& use) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
        Value parsed;
        if (!json::try_parse(line, parsed)) use({{}, std::string(errors::unexpected_token)});
        else if (!parsed["Item"].is_object()) use({{}, std::string(errors::no_item_container)});
        else use(encoded(parsed.object("Item")));
    }
}

void read_csv(std::string_view text, const CsvOptions& options, const Table& t, const UseLine& use) {
    std::vector<std::string> names = options.names;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (names.empty()) names = take_record(text, options.delimiter).value_or(std::vector<std::string>());
    while (auto fields = take_record(text, options.delimiter)) {
        if (fields->size() == 1 && fields->front().empty()) continue;
        if (fields->size() > names.size()) {
            use({{}, std::string(errors::too_many_fields)});
            continue;
        }
        Object item;
        for (std::size_t i = 0; i < fields->size(); ++i)
            if (!(*fields)[i].empty()) item[names[i]] = Object{{std::string(type_of(t, names[i])), (*fields)[i]}};
        use(encoded(item));
    }
}

}  // namespace virga::dynamodb
