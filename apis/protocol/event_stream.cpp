#include "apis/protocol/event_stream.hpp"

#include <stdexcept>

#include "apis/protocol/json_codec.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"

namespace virga::protocol {

namespace {

constexpr std::size_t prelude_size = 12, trailer_size = 4;

void append(std::string& out, std::uint64_t n, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift & 255));
}

std::uint64_t number(std::string_view bytes) {
    std::uint64_t n = 0;
    for (char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
    return n;
}

// The first n bytes of `rest`, which it loses. Nothing when there are not so many.
std::optional<std::string_view> take(std::string_view& rest, std::size_t n) {
    if (rest.size() < n) return std::nullopt;
    auto taken = rest.substr(0, n);
    rest.remove_prefix(n);
    return taken;
}

bool read_header(std::string_view& rest, EventHeaders& headers) {
    auto name_size = take(rest, 1);
    auto name = name_size ? take(rest, number(*name_size)) : std::nullopt;
    auto type = name ? take(rest, 1) : std::nullopt;
    if (!type) return false;
    static constexpr std::size_t fixed[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
    auto t = number(*type);
    if (t >= std::size(fixed)) return false;
    if (t != 6 && t != 7) return take(rest, fixed[t]).has_value();
    auto size = take(rest, 2);
    auto value = size ? take(rest, number(*size)) : std::nullopt;
    if (value && t == 7) headers.emplace_back(*name, *value);
    return value.has_value();
}

}  // namespace

std::string write_event_message(const EventHeaders& headers, std::string_view payload) {
    std::string fields;
    for (const auto& [name, value] : headers) {
        append(fields, name.size(), 1);
        fields += name;
        append(fields, 7, 1);
        append(fields, value.size(), 2);
        fields += value;
    }
    std::string out;
    out.reserve(prelude_size + fields.size() + payload.size() + trailer_size);
    append(out, prelude_size + fields.size() + payload.size() + trailer_size, 4);
    append(out, fields.size(), 4);
    append(out, crc32(out), 4);
    out += fields;
    out += payload;
    append(out, crc32(out), 4);
    return out;
}

std::optional<EventMessage> read_event_message(std::string_view& bytes) {
    if (bytes.size() < prelude_size + trailer_size) return std::nullopt;
    std::size_t total = number(bytes.substr(0, 4)), headers_size = number(bytes.substr(4, 4));
    if (number(bytes.substr(8, 4)) != crc32(bytes.substr(0, 8))) return std::nullopt;
    if (headers_size > max_event_headers || total > prelude_size + headers_size + max_event_payload + trailer_size) return std::nullopt;
    if (total < prelude_size + headers_size + trailer_size || bytes.size() < total) return std::nullopt;
    std::string_view whole = bytes.substr(0, total);
    if (number(whole.substr(total - trailer_size)) != crc32(whole.substr(0, total - trailer_size))) return std::nullopt;
    EventMessage message;
    std::string_view rest = whole.substr(prelude_size, headers_size);
    while (!rest.empty())
        if (!read_header(rest, message.headers)) return std::nullopt;
    message.payload = whole.substr(prelude_size + headers_size, total - prelude_size - headers_size - trailer_size);
    bytes.remove_prefix(total);
    return message;
}

EventWriter::EventWriter(const model::Operation& operation) {
    model::Shape output = operation.output();
    for (std::size_t i = 0; output && i < output.member_count(); ++i)
        if (auto shape = output.member(i).shape(); shape && shape->event_stream) events_ = shape;
    if (!events_) throw std::logic_error("the answer of " + std::string(operation.name()) + " is no event stream");
}

std::string EventWriter::initial_response() const {
    return write_event_message({{":message-type", "event"}, {":event-type", "initial-response"}, {":content-type", "application/json"}}, "{}");
}

std::string EventWriter::event(std::string_view member, const Value& value) const {
    std::string payload;
    encode_json_body(payload, value, events_.find(member).shape());
    return write_event_message({{":message-type", "event"}, {":event-type", std::string(member)}, {":content-type", "application/json"}}, payload);
}

std::string EventWriter::exception(const ApiError& error) const {
    if (!events_.find(error.code)) return write_event_message({{":message-type", "error"}, {":error-code", error.code}, {":error-message", error.message}}, "");
    return write_event_message({{":message-type", "exception"}, {":exception-type", error.code}, {":content-type", "application/json"}},
                               json::write(Object{{"message", error.message}}));
}

}  // namespace virga::protocol
