// Texts and the sub-patterns that ask for them.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace virga::bus {

using SubId = std::uint32_t;
// Set in what an index finds when the value is known to pass the test that found the sub-pattern.
inline constexpr SubId sure_bit = 0x80000000;

// A list of ids; one or two need no memory of their own.
class Posting {
public:
    Posting() = default;
    Posting(Posting&& other) noexcept { swap(other); }
    Posting& operator=(Posting&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Posting() {
        if (capacity_ > near) delete[] far_;
    }
    const SubId* begin() const { return capacity_ > near ? far_ : near_; }
    const SubId* end() const { return begin() + size_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    void push_back(SubId id);
    // Removes one `id`, if it is there; the order changes.
    void drop(SubId id);

private:
    static constexpr std::uint32_t near = 2;
    void swap(Posting& other) noexcept;
    std::uint32_t size_ = 0, capacity_ = near;
    union {
        SubId near_[near] = {};
        SubId* far_;
    };
};

// A hash table for one thing: to find a text among a hundred thousand with one miss of the processor's cache. Every entry is one
// cache line, with the text in it unless it is long; entries whose places collide follow each other without a gap.
class TextIndex {
public:
    TextIndex() = default;
    TextIndex(TextIndex&& other) noexcept : slots_(std::exchange(other.slots_, {})), used_(std::exchange(other.used_, 0)) {}
    TextIndex& operator=(TextIndex&& other) noexcept {
        std::swap(slots_, other.slots_);
        std::swap(used_, other.used_);
        return *this;
    }
    ~TextIndex();

    void add(std::string_view text, SubId id);
    void remove(std::string_view text, SubId id);
    // Null when nobody asks for the text.
    const Posting* find(std::string_view text) const;
    bool empty() const { return used_ == 0; }

private:
    static constexpr std::size_t near_length = 36;
    struct alignas(64) Slot {
        std::uint64_t hash = 0;
        std::uint32_t length = 0;
        std::array<char, near_length> near{};  // the text, or the address of its copy
        Posting posting;                       // empty: the slot is free
        std::string_view text() const;
        void set_text(std::string_view text);
        void free_text();
    };
    std::size_t home(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
    std::size_t place_of(std::string_view text, std::uint64_t hash) const;
    void grow();

    std::vector<Slot> slots_;  // a power of two, or none; at most half of them are used
    std::size_t used_ = 0;
};

}  // namespace virga::bus
