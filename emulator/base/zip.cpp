#include "emulator/base/zip.hpp"

#include <cstdint>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

void put(std::string& out, std::uint64_t v, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(v >> (8 * i));
}

// What the local and the central header of an entry have in common: version, flags, stored, time, sizes.
std::string header(const ZipSource& s) {
    std::string out;
    put(out, 20, 2), put(out, 0, 2), put(out, 0, 2), put(out, 0, 2), put(out, 0x21, 2);
    put(out, crc32(s.content), 4), put(out, s.content.size(), 4), put(out, s.content.size(), 4);
    put(out, s.name.size(), 2), put(out, 0, 2);
    return out;
}

}  // namespace

std::string make_zip(const std::vector<ZipSource>& sources) {
    std::string out, central;
    for (const auto& s : sources) {
        auto offset = out.size();
        std::string common = header(s);
        out += "PK\3\4" + common + s.name + s.content;
        central += "PK\1\2";
        put(central, 3 << 8 | 20, 2);  // made by Unix
        central += common;
        put(central, 0, 2), put(central, 0, 2), put(central, 0, 2), put(central, std::uint64_t{s.mode} << 16, 4), put(central, offset, 4);
        central += s.name;
    }
    auto offset = out.size();
    out += central + "PK\5\6";
    put(out, 0, 4), put(out, sources.size(), 2), put(out, sources.size(), 2), put(out, central.size(), 4), put(out, offset, 4), put(out, 0, 2);
    return out;
}

}  // namespace virga
