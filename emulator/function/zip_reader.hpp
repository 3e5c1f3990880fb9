// Reads zip archives as Lambda accepts them: stored and deflated entries, ZIP64, data descriptors, symbolic links, Unix modes.
//
// The central directory is what counts; local headers are only looked at to find an entry's data. No size that the archive
// claims is trusted before it was compared with the archive's length and with what was really inflated.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace virga {

struct ZipError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct ZipEntry {
    std::string name;  // with '/' between parts, no leading or trailing one
    bool directory = false;
    bool symlink = false;
    unsigned mode = 0644;  // permission bits; 0644 or 0755 (directories) when the archive carries none
    std::uint64_t compressed = 0, size = 0, offset = 0;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
};

class ZipReader {
public:
    // `archive` must outlive the reader. Throws ZipError when it is no zip, an entry leaves its root, or is encrypted.
    explicit ZipReader(std::string_view archive);
    const std::vector<ZipEntry>& entries() const { return entries_; }
    std::uint64_t unpacked_size() const { return unpacked_size_; }
    // An entry's content, checked by length and CRC.
    std::string read(const ZipEntry& entry) const;

private:
    void read_directory(std::uint64_t offset, std::uint64_t count, std::uint64_t size);
    std::string_view archive_;
    std::vector<ZipEntry> entries_;
    std::uint64_t unpacked_size_ = 0;
};

// Writes all entries below `directory`, which exists and is empty. Links are made last, so that nothing is written through one.
void unpack_zip(const ZipReader& zip, const std::string& directory);

}  // namespace virga
