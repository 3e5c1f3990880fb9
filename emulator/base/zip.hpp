// Zip archives made here.
#pragma once
#include <string>
#include <vector>

namespace virga {

struct ZipSource {
    std::string name, content;
    unsigned mode = 0100644;  // S_IFMT bits included: 0120777 makes a link
};
// A zip archive of stored entries, all of 1980-01-01: equal sources give equal bytes.
std::string make_zip(const std::vector<ZipSource>& sources);

}  // namespace virga
