#include "apis/dynamodb/item_json.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/table/number.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// What stands around a string.
struct Around {
    std::string_view before, after;
};

void write_bytes(json::Buffer& out, Around around, std::string_view bytes) {
    std::string text;
    base64_encode_to(text, bytes);
    out.put_string(around.before, text, around.after);
}

void write_number(json::Buffer& out, Around around, std::string_view key_bytes) {
    std::string text;  // short ones need no memory of their own
    append_number_text(text, key_bytes);
    out.put_string(around.before, text, around.after);
}

void write_set(json::Buffer& out, std::string_view before, ValueView set, Type of) {
    out.put(before);
    for (Elements e(set); e.more();) {
        const std::string_view member = e.next_member();
        const Around around{"", e.more() ? "," : "]}"};
        if (of == Type::n) write_number(out, around, member);
        else if (of == Type::b) write_bytes(out, around, member);
        else out.put_string(around.before, member, around.after);
    }
}

void write_value(json::Buffer& out, ValueView v) {
    switch (v.type()) {
        case Type::s: return out.put_string(R"({"S":)", v.content(), "}");
        case Type::n: return write_number(out, {R"({"N":)", "}"}, v.content());
        case Type::b: return write_bytes(out, {R"({"B":)", "}"}, v.content());
        case Type::boolean: return out.put(v.boolean() ? R"({"BOOL":true})" : R"({"BOOL":false})");
        case Type::null: return out.put(R"({"NULL":true})");
        case Type::ss: return write_set(out, R"({"SS":[)", v, Type::s);
        case Type::ns: return write_set(out, R"({"NS":[)", v, Type::n);
        case Type::bs: return write_set(out, R"({"BS":[)", v, Type::b);
        case Type::l:
            out.put(R"({"L":[)");
            for (Elements e(v); e.more();) {
                write_value(out, e.next_value());
                if (e.more()) out.put(',');
            }
            return out.put("]}");
        case Type::m:
            out.put(R"({"M":)");
            write_item_json(out, ItemView(v.content()));
            return out.put('}');
    }
}

}  // namespace

void write_item_json(json::Buffer& out, ItemView item) {
    std::string_view before = "{";
    for (Members m = item.members(); m.next(); before = ",") {
        out.put_string(before, m.name(), ":");
        write_value(out, m.value());
    }
    out.put(before == "{" ? "{}" : "}");
}

}  // namespace virga::dynamodb
