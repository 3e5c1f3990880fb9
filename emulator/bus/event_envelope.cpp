#include "emulator/bus/event_envelope.hpp"

#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::bus {

std::optional<std::string> write_envelope(const EventParts& parts) {
    std::string out;
    out.reserve(parts.detail.size() + 320);
    auto member = [&](std::string_view name, std::string_view value) {
        out += name;
        json::write_string(out, value);
    };
    member("{\"version\":\"0\",\"id\":", parts.id);
    member(",\"detail-type\":", parts.detail_type);
    member(",\"source\":", parts.source);
    member(",\"account\":", parts.account);
    member(",\"time\":", iso8601(parts.time));
    member(",\"region\":", parts.region);
    out += ",\"resources\":[";
    for (std::size_t i = 0; i < parts.resources.size(); ++i) {
        if (i > 0) out += ',';
        json::write_string(out, parts.resources[i]);
    }
    out += "],\"detail\":";
    auto detail = out.size();
    if (!compact_json(parts.detail, out) || out[detail] != '{') return {};
    out += '}';
    return out;
}

std::string with_id(std::string_view envelope, std::string_view id) {
    // The envelope was written above: the id is its second member.
    constexpr std::string_view before = "{\"version\":\"0\",\"id\":\"";
    if (!envelope.starts_with(before)) return std::string(envelope);
    auto end = envelope.find('"', before.size());
    std::string out(before);
    out += id;
    out += envelope.substr(end);
    return out;
}

}  // namespace virga::bus
