// CBOR: whatever reads is written and reads to the same value again; skipping accepts what reading accepts.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "apis/protocol/cbor.hpp"
#include "emulator/base/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virga;
    using namespace virga::protocol;
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Value v;
    try {
        cbor::Reader reader(bytes);
        v = reader.value();
    } catch (const cbor::ParseError&) {
        return 0;
    }
    try {
        cbor::Reader reader(bytes);
        reader.skip();
        std::string again;
        cbor::write_value(again, v);
        cbor::Reader second(again);
        Value w = second.value();
        second.finish();
        if (json::write(v) != json::write(w)) std::abort();  // as text: NaN is not equal to itself
    } catch (const cbor::ParseError&) {
        std::abort();
    }
    return 0;
}
