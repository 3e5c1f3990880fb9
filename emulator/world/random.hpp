// Chance as an input. See DESIGN 1.4.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace virga {

// A stream of pseudo-random numbers (splitmix64). Not thread-safe: every call, job and invocation has its own.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound);  // 0..bound-1
    double unit();                             // [0, 1)
    std::string uuid();                        // RFC 4122 version 4 form, lower case
    std::string hex(std::size_t digits);
    std::string text(std::size_t length, std::string_view alphabet);
    std::string alnum_upper(std::size_t length);  // A-Z0-9
    std::string alnum_lower(std::size_t length);  // a-z0-9
    std::string bytes(std::size_t n);

private:
    std::uint64_t state_;
};

// Where Randoms come from. With a seed, the stream of a call depends only on the seed, on its causal parent, on what the call
// says, and on how often the same was said before by that parent: so concurrent callers do not disturb each other and equal
// runs give equal ids. Without a seed it is drawn from the operating system once and then counted on.
class RandomSource {
public:
    explicit RandomSource(std::optional<std::uint64_t> seed);
    // `parent`: the causal parent's span id (0 for a call from outside). `what`: anything that identifies the work.
    Random derive(std::uint64_t parent, std::string_view what);
    bool seeded() const { return seeded_; }

private:
    bool seeded_;
    std::uint64_t seed_;
    std::mutex mutex_;
    std::uint64_t counter_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> said_;
};

}  // namespace virga
