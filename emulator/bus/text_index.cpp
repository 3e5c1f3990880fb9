#include "emulator/bus/text_index.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace virga::bus {

namespace {

constexpr std::size_t first_size = 8;

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

}  // namespace

void Posting::swap(Posting& other) noexcept {
    static_assert(sizeof near_ == sizeof far_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    char mine[sizeof near_];
    std::memcpy(mine, near_, sizeof mine);
    std::memcpy(near_, other.near_, sizeof mine);
    std::memcpy(other.near_, mine, sizeof mine);
}

void Posting::push_back(SubId id) {
    if (size_ == capacity_) {
        auto* grown = new SubId[std::size_t{2} * capacity_];
        std::copy(begin(), end(), grown);
        if (capacity_ > near) delete[] far_;
        far_ = grown;
        capacity_ *= 2;
    }
    (capacity_ > near ? far_ : near_)[size_++] = id;
}

void Posting::drop(SubId id) {
    SubId* ids = capacity_ > near ? far_ : near_;
    auto* it = std::find(ids, ids + size_, id);
    if (it == ids + size_) return;
    *it = ids[--size_];
}

std::string_view TextIndex::Slot::text() const {
    if (length <= near_length) return {near.data(), length};
    const char* copy = nullptr;
    std::memcpy(&copy, near.data(), sizeof copy);
    return {copy, length};
}

void TextIndex::Slot::set_text(std::string_view text) {
    length = static_cast<std::uint32_t>(text.size());
    if (length <= near_length) {
        std::copy(text.begin(), text.end(), near.begin());
        return;
    }
    auto* copy = new char[length];
    std::copy(text.begin(), text.end(), copy);
    std::memcpy(near.data(), &copy, sizeof copy);
}

void TextIndex::Slot::free_text() {
    if (length > near_length) delete[] text().data();
    length = 0;
}

TextIndex::~TextIndex() {
    for (auto& slot : slots_) slot.free_text();
}

// Where the text is, or the free slot where it goes.
std::size_t TextIndex::place_of(std::string_view text, std::uint64_t hash) const {
    std::size_t at = home(hash);
    while (!slots_[at].posting.empty() && (slots_[at].hash != hash || slots_[at].text() != text)) at = (at + 1) & (slots_.size() - 1);
    return at;
}

const Posting* TextIndex::find(std::string_view text) const {
    if (used_ == 0) return nullptr;
    const Slot& slot = slots_[place_of(text, hash_of(text))];
    return slot.posting.empty() ? nullptr : &slot.posting;
}

void TextIndex::add(std::string_view text, SubId id) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    std::uint64_t hash = hash_of(text);
    Slot& slot = slots_[place_of(text, hash)];
    if (slot.posting.empty()) {
        slot.hash = hash;
        slot.set_text(text);
        ++used_;
    }
    slot.posting.push_back(id);
}

// Entries behind the freed slot move up, so that none is cut off from its place.
void TextIndex::remove(std::string_view text, SubId id) {
    if (used_ == 0) return;
    std::size_t mask = slots_.size() - 1, gap = place_of(text, hash_of(text));
    if (slots_[gap].posting.empty()) return;
    slots_[gap].posting.drop(id);
    if (!slots_[gap].posting.empty()) return;
    slots_[gap].free_text();
    slots_[gap] = Slot();
    --used_;
    for (std::size_t at = (gap + 1) & mask; !slots_[at].posting.empty(); at = (at + 1) & mask) {
        std::size_t wanted = home(slots_[at].hash);
        if (((at - wanted) & mask) < ((at - gap) & mask)) continue;  // its place is behind the gap
        slots_[gap] = std::exchange(slots_[at], Slot());
        gap = at;
    }
}

void TextIndex::grow() {
    std::vector<Slot> old(std::max(first_size, 2 * slots_.size()));
    std::swap(old, slots_);
    for (auto& slot : old) {
        if (slot.posting.empty()) continue;
        std::size_t at = home(slot.hash);
        while (!slots_[at].posting.empty()) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = std::move(slot);
    }
}

}  // namespace virga::bus
