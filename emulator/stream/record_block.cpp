#include "emulator/stream/record_block.hpp"

#include <algorithm>
#include <cstring>

namespace virga::stream {

namespace {

struct Lengths {
    std::uint32_t key, data;
};

}  // namespace

void RecordBlock::append(std::string_view key, std::string_view data) {
    Lengths lengths{static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(data.size())};
    bytes_.append(reinterpret_cast<const char*>(&lengths), sizeof lengths);
    bytes_ += key;
    bytes_ += data;
    ++count_;
}

std::string_view BlockReader::take(std::size_t n) {
    std::string_view taken = rest_.substr(0, std::min(n, rest_.size()));
    rest_.remove_prefix(taken.size());
    return taken;
}

bool BlockReader::next(std::string_view& key, std::string_view& data) {
    Lengths lengths;
    if (rest_.size() < sizeof lengths) return false;
    std::memcpy(&lengths, take(sizeof lengths).data(), sizeof lengths);
    key = take(lengths.key);
    data = take(lengths.data);
    return true;
}

}  // namespace virga::stream
