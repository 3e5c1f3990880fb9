// Bodies on their way in and out.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/file_source.hpp"
#include "emulator/base/stream.hpp"
#include "emulator/object/body_files.hpp"
#include "emulator/object/digests.hpp"

namespace virga::object {

// A stretch of a stored body: in memory, or a file that is pinned.
struct Segment {
    std::uint64_t size = 0;
    std::string data;
    std::shared_ptr<BodyFiles::Pin> file;
};

// Takes a body piece by piece: hashes it, keeps it in memory up to inline_body_limit and in a file beyond.
// Unless keep() is called after the commit that refers to it, the file goes with the writer. Used by one coroutine at a time.
class BodyWriter {
public:
    // Besides MD5 (always) these digests are computed; equal and `none` entries are ignored.
    BodyWriter(BodyFiles& files, std::vector<ChecksumAlgorithm> algorithms);
    ~BodyWriter();
    BodyWriter(const BodyWriter&) = delete;

    // Stores a piece. What goes to a file is hashed by another thread meanwhile: co_await before the next piece.
    Task<> write(std::string piece);
    // The last piece was written: syncs as durability asks and gives the file its name.
    Task<> finish();
    // Instead of all that: takes a whole stored body, also of another partition, as a second name of its file; files do not change. Hashes nothing.
    // False, and nothing is taken, for a body that is no file, and where the file system has no second names.
    bool link(const Segment& segment);
    void keep() { kept_ = true; }

    std::uint64_t size() const { return size_; }
    // After finish(): raw digests.
    const std::string& md5() const { return digest(ChecksumAlgorithm::md5); }
    const std::string& digest(ChecksumAlgorithm algorithm) const { return digests_.of(algorithm); }
    // After finish(): exactly one of the two holds the body.
    const std::string& file() const { return file_; }
    const std::string& data() const { return data_; }

private:
    void spill();
    void write_all(std::string_view piece);
    void name_file();

    BodyFiles& files_;
    Digests digests_;
    std::string data_;
    std::string file_;
    std::uint64_t size_ = 0;
    int fd_ = -1;
    bool kept_ = false, named_ = false;
};

// Reads [first, first + length) of the segments, one piece at a time. `keep` lives as long as the source. Opens the first file at once: it
// throws InternalError while that can still be the answer, later failures can only cut it.
class SegmentsSource : public ByteSource, public FileSource {
public:
    SegmentsSource(std::vector<Segment> segments, std::uint64_t first, std::uint64_t length, std::shared_ptr<void> keep);
    ~SegmentsSource() override;
    Task<std::optional<std::string>> read() override;
    std::optional<FileStretch> next_stretch() override;
    std::optional<std::uint64_t> size() const override { return length_; }
    // read() without a coroutine.
    std::optional<std::string> next();

private:
    std::shared_ptr<void> keep_;  // before the segments: their pins need it
    std::vector<Segment> segments_;
    std::size_t index_ = 0;
    std::uint64_t offset_ = 0;  // in the current segment
    std::uint64_t length_, left_;
    int fd_ = -1;
    std::optional<Segment> done_with_;
    void open_file(const Segment& segment);
    void advance(std::uint64_t n);
    bool settle();
};

// Writes all that `from` has, and finishes. Other work of the thread has its turn in between.
Task<> transfer(SegmentsSource& from, BodyWriter& to, Runtime& runtime);
// Hashes all that `from` has and keeps nothing of it; finishes the digests. Other work of the thread has its turn in between.
Task<> digest(SegmentsSource& from, Digests& to, Runtime& runtime);

}  // namespace virga::object
