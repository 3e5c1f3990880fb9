// Bodies that do not fit, or should not be, in one string.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "emulator/base/task.hpp"

namespace virga {

// A source of bytes that is read piece by piece. The reader's pace is the sender's: nothing is read ahead beyond one piece.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // The next piece, never empty; nothing at the end. Throws ApiError or std::runtime_error when the sender broke off.
    virtual Task<std::optional<std::string>> read() = 0;
    // Total length in bytes when it is known beforehand.
    virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
};

// A source over a string that is already there.
class StringSource : public ByteSource {
public:
    explicit StringSource(std::string data) : data_(std::move(data)), size_(data_.size()) {}
    Task<std::optional<std::string>> read() override {
        if (done_ || data_.empty()) co_return std::nullopt;
        done_ = true;
        co_return std::optional<std::string>(std::move(data_));
    }
    std::optional<std::uint64_t> size() const override { return size_; }
    // All of it at once, instead of read().
    std::string take() {
        done_ = true;
        return std::move(data_);
    }

private:
    std::string data_;
    std::uint64_t size_;
    bool done_ = false;
};

// Reads all of `source` into one string; throws ApiError RequestEntityTooLarge 413 above `limit` bytes.
Task<std::string> read_all(ByteSource& source, std::uint64_t limit);

}  // namespace virga
