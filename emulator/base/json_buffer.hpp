// JSON text that is written much and fast: into room that is there already, not by growing a string byte by byte.
#pragma once
#include <cstring>
#include <string>
#include <string_view>

namespace virga::json {

class Buffer {
public:
    // The room of the last one on this thread, if it is free.
    Buffer();
    ~Buffer();
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    bool empty() const { return used_ == 0; }
    // JSON as it is.
    void put(char c) {
        room(1);
        text_[used_++] = c;
    }
    void put(std::string_view json) {
        room(json.size());
        copy(json);
    }
    // A JSON string, quotes included, between two pieces of JSON.
    void put_string(std::string_view before, std::string_view text, std::string_view after);
    // All of it; nothing is left.
    std::string take();

private:
    void room(std::size_t bytes) {
        if (size_ - used_ < bytes) grow(bytes);
    }
    void grow(std::size_t bytes);
    void copy(std::string_view json) {
        std::memcpy(text_ + used_, json.data(), json.size());
        used_ += json.size();
    }
    void put_escaped(std::string_view text);

    char* text_ = nullptr;  // of malloc
    std::size_t size_ = 0;  // the room there is
    std::size_t used_ = 0;
};

}  // namespace virga::json
