// Unpacking of whole files that imports read.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace virga::dynamodb {

struct CompressionError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string gunzip(std::string_view data, std::size_t limit);
std::string unzstd(std::string_view data, std::size_t limit);

}  // namespace virga::dynamodb
