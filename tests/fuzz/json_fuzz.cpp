// JSON: whatever parses is written and parses to the same value again; the piecewise reader agrees with the parser.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "emulator/base/json.hpp"
#include "emulator/base/json_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virga;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    Value v;
    bool parsed = json::try_parse(text, v);
    bool skipped = true;
    try {
        json::Reader reader(text);
        reader.skip();
        reader.finish();
    } catch (const json::ParseError&) {
        skipped = false;
    }
    if (parsed != skipped) std::abort();
    if (parsed && !(json::parse(json::write(v)) == v)) std::abort();
    return 0;
}
