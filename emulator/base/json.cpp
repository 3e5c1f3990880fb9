#include "emulator/base/json.hpp"

#include <charconv>
#include <cmath>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json_reader.hpp"
#include "emulator/base/json_scan.hpp"

namespace virga::json {

Value parse(std::string_view text) {
    Reader reader(text);
    Value v = reader.value();
    reader.finish();
    return v;
}

bool try_parse(std::string_view text, Value& out) {
    try {
        out = parse(text);
        return true;
    } catch (const ParseError&) {
        return false;
    }
}

void write_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    unsigned char high = 0;
    const char *done = text.data(), *end = done + text.size();
    while (true) {
        const char* special = skip_plain(done, end, high);
        out.append(done, special);
        if (special == end) break;
        done = special + 1;
        switch (const auto c = static_cast<unsigned char>(*special)) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                out += "\\u00";
                out.push_back(hex[c >> 4]);
                out.push_back(hex[c & 15]);
        }
    }
    out.push_back('"');
}

void write_real(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    } else {
        char buffer[32];
        auto r = std::to_chars(buffer, buffer + sizeof buffer, value);
        out.append(buffer, r.ptr);
        if (std::string_view(buffer, static_cast<std::size_t>(r.ptr - buffer)).find_first_of(".eE") == std::string_view::npos)
            out += ".0";
    }
}

void write_epoch_seconds(std::string& out, TimeMs instant) {
    std::int64_t seconds = instant / 1000, ms = instant % 1000;
    if (ms < 0) {  // before 1970: write the sign once
        if (seconds == 0) out.push_back('-');
        ms = -ms;
    }
    out += std::to_string(seconds);
    if (ms == 0) return;
    char digits[4] = {'.', static_cast<char>('0' + ms / 100), static_cast<char>('0' + ms / 10 % 10), static_cast<char>('0' + ms % 10)};
    std::size_t n = 4;
    while (digits[n - 1] == '0') --n;
    out.append(digits, n);
}

void write_to(std::string& out, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: out += "null"; break;
        case Value::Kind::boolean: out += value.as_bool() ? "true" : "false"; break;
        case Value::Kind::integer: {
            char buffer[24];
            auto r = std::to_chars(buffer, buffer + sizeof buffer, value.as_integer());
            out.append(buffer, r.ptr);
            break;
        }
        case Value::Kind::real: write_real(out, value.as_double()); break;
        case Value::Kind::number: out += value.as_number_text(); break;
        case Value::Kind::string: write_string(out, value.as_string()); break;
        case Value::Kind::bytes:
            out.push_back('"');
            base64_encode_to(out, value.as_bytes());
            out.push_back('"');
            break;
        case Value::Kind::json_text: out += value.as_json_text(); break;
        case Value::Kind::timestamp: write_epoch_seconds(out, value.as_time()); break;
        case Value::Kind::array: {
            out.push_back('[');
            bool first = true;
            for (const Value& v : value.as_array()) {
                if (!first) out.push_back(',');
                first = false;
                write_to(out, v);
            }
            out.push_back(']');
            break;
        }
        case Value::Kind::object: {
            out.push_back('{');
            bool first = true;
            for (const auto& m : value.as_object()) {
                if (!first) out.push_back(',');
                first = false;
                write_string(out, m.name);
                out.push_back(':');
                write_to(out, m.value);
            }
            out.push_back('}');
            break;
        }
    }
}

std::string write(const Value& value) {
    std::string out;
    write_to(out, value);
    return out;
}

}  // namespace virga::json
