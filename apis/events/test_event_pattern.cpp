#include "apis/events/find.hpp"
#include "apis/events/operations.hpp"
#include "emulator/bus/json_path.hpp"
#include "emulator/bus/errors.hpp"
#include "emulator/bus/json_text.hpp"

namespace virga::events {

Value test_event_pattern(Context&, const Value& input) {
    std::string event;
    if (!bus::compact_json(input.text("Event"), event) || event[0] != '{') throw bus::errors::event_not_valid();
    for (const char* member : {"id", "account", "source", "time", "region", "detail-type"})
        if (!bus::JsonPath::parse(std::string("$.") + member)->select(event)) throw bus::errors::event_not_valid();
    try {
        auto pattern = bus::Pattern::compile(input.text("EventPattern"));
        return Object{{"Result", pattern.matches(event)}};
    } catch (const bus::PatternError& e) {
        throw bus::errors::invalid_pattern(e);
    }
}

}  // namespace virga::events
