// Receipt handles: opaque to clients, they say which receive of which message they stand for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virga::queue {

struct Receipt {
    std::int64_t queue = 0;     // the queue's row id: a queue made anew under the same name has another
    std::int64_t message = 0;   // the message's row id
    std::int64_t receive = 0;   // which receive of it
    bool operator==(const Receipt&) const = default;
};

std::string write_receipt(const Receipt& receipt);
// Nothing when the text was not written by write_receipt.
std::optional<Receipt> read_receipt(std::string_view handle);

}  // namespace virga::queue
