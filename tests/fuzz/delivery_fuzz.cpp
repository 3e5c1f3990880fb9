// What arrives inside records, and what configurations say: aggregates, concatenated JSON, compressed data, prefixes, queries. Arbitrary bytes.
// Nothing may crash, hang or read outside; what is taken apart by a delimiter is all there.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "emulator/base/encoding.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/gzip.hpp"
#include "emulator/delivery/aggregate.hpp"
#include "emulator/delivery/json_query.hpp"
#include "emulator/delivery/prefix.hpp"
#include "emulator/delivery/time_pattern.hpp"

using namespace virga;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view all(reinterpret_cast<const char*>(data), size);
    delivery::split_aggregate(all);
    delivery::split_aggregate("\xF3\x89\x9A\xC2" + std::string(all) + md5(all));
    delivery::split_json(all);
    delivery::query_keys(all);

    std::string joined;
    for (const auto& part : delivery::split_delimited(all, ",")) joined += part + ",";
    if (joined != all && joined != std::string(all) + ",") std::abort();

    std::string back;
    inflate(all, 1 << 24, back);
    back.clear();
    if (gunzip(gzip(all), size, back) != Inflated::whole || back != all) std::abort();

    if (delivery::is_time_pattern(all) && size < 200) delivery::format_time(all, 1'700'000'000'000);
    try {
        delivery::check_prefixes(all, "e/!{firehose:error-output-type}", false);
    } catch (const ApiError&) {
    }
    return 0;
}
