// Sources of bytes that are files, for senders that pass them on without reading them (sendfile).
#pragma once
#include <cstdint>
#include <optional>

namespace virga {

struct FileStretch {
    int descriptor = -1;  // stays open until the source is asked again
    std::uint64_t offset = 0, length = 0;
};

// Beside ByteSource: a class may be both.
class FileSource {
public:
    virtual ~FileSource() = default;
    // What comes next as a stretch of a file, instead of read(). Nothing where it is none, and at the end: ask read() then.
    virtual std::optional<FileStretch> next_stretch() = 0;
};

}  // namespace virga
