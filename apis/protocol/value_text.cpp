#include "apis/protocol/value_text.hpp"

#include <cctype>

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"

namespace virga::protocol {

namespace {

void append(std::string& out, const Value& value, model::Shape shape) {
    switch (value.kind()) {
        case Value::Kind::null: out += "null"; break;
        case Value::Kind::string: out += value.as_string(); break;
        case Value::Kind::bytes: {
            std::string n = std::to_string(value.as_bytes().size());
            out += "java.nio.HeapByteBuffer[pos=0 lim=" + n + " cap=" + n + "]";
            break;
        }
        case Value::Kind::timestamp: out += format_utc(value.as_time(), "%a %b %d %H:%M:%S UTC %Y"); break;
        case Value::Kind::array: {
            out += '[';
            bool first = true;
            for (const Value& v : value.as_array()) {
                if (!first) out += ", ";
                first = false;
                append(out, v, shape.kind() == model::Kind::list ? shape.element().shape() : shape);
            }
            out += ']';
            break;
        }
        case Value::Kind::object:
            if (shape.kind() == model::Kind::structure) {
                out += shape.name();
                out += '(';
                for (std::size_t i = 0; i < shape.member_count(); ++i) {
                    model::Member m = shape.member(i);
                    if (i) out += ", ";
                    out += lower_first(m.name()) + "=";
                    append(out, value[m.name()], m.shape());
                }
                out += ')';
            } else {
                out += '{';
                bool first = true;
                for (const auto& m : value.as_object()) {
                    if (!first) out += ", ";
                    first = false;
                    out += m.name + "=";
                    append(out, m.value, shape.kind() == model::Kind::map ? shape.value().shape() : shape);
                }
                out += '}';
            }
            break;
        default: json::write_to(out, value);
    }
}

}  // namespace

std::string value_text(const Value& value, model::Shape shape) {
    std::string out;
    append(out, value, shape);
    return out;
}

std::string lower_first(std::string_view name) {
    std::string out(name);
    if (!out.empty()) out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
    return out;
}

}  // namespace virga::protocol
