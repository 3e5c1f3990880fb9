#include "emulator/object/bodies.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {
std::vector<ChecksumAlgorithm> with_md5(std::vector<ChecksumAlgorithm> algorithms) {
    algorithms.push_back(ChecksumAlgorithm::md5);
    return algorithms;
}
}  // namespace

BodyWriter::BodyWriter(BodyFiles& files, std::vector<ChecksumAlgorithm> algorithms) : files_(files), digests_(with_md5(std::move(algorithms))) {}

BodyWriter::~BodyWriter() {
    if (fd_ >= 0) ::close(fd_);
    if (!kept_ && !file_.empty()) ::unlink(files_.path(named_ ? file_ : file_ + ".tmp").c_str());
}

Task<> BodyWriter::write(std::string piece) {
    size_ += piece.size();
    if (fd_ < 0 && data_.size() + piece.size() <= inline_body_limit) {
        digests_.update(piece);
        if (data_.empty()) data_ = std::move(piece);
        else data_.append(piece);
        co_return;
    }
    if (fd_ < 0) spill();
    write_all(piece);
    digests_.update_aside(files_.runtime(), std::move(piece));
    co_await digests_.room();
}

void BodyWriter::spill() {
    std::string name = files_.new_name();
    std::string path = files_.path(name + ".tmp");
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) fail_on_file("cannot create", path);
    file_ = name;
    write_all(data_);
    data_ = std::string();
}

void BodyWriter::write_all(std::string_view piece) {
    while (!piece.empty()) {
        ssize_t n = ::write(fd_, piece.data(), piece.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail_on_file("cannot write", file_);
        piece.remove_prefix(static_cast<std::size_t>(n));
    }
}

Task<> BodyWriter::finish() {
    if (fd_ >= 0) {
        name_file();
        co_await digests_.all_hashed();
    }
    digests_.finish();
}

bool BodyWriter::link(const Segment& segment) {
    if (!segment.file) return false;
    std::string name = files_.new_name(), path = files_.path(name);
    if (::link(segment.file->path().c_str(), path.c_str()) != 0) return false;  // no such thing here, or too many names
    file_ = std::move(name);
    size_ = segment.size;
    named_ = true;
    if (files_.sync()) sync_folder(path.substr(0, path.rfind('/')));
    return true;
}

// Synced as durability asks, under its lasting name.
void BodyWriter::name_file() {
    if (files_.sync() && ::fsync(fd_) != 0) fail_on_file("cannot sync", file_);
    if (::close(std::exchange(fd_, -1)) != 0) fail_on_file("cannot close", file_);  // some file systems tell of a failed write here
    std::string path = files_.path(file_);
    if (::rename((path + ".tmp").c_str(), path.c_str()) != 0) fail_on_file("cannot rename", path);
    named_ = true;
    if (files_.sync()) sync_folder(path.substr(0, path.rfind('/')));
}

SegmentsSource::SegmentsSource(std::vector<Segment> segments, std::uint64_t first, std::uint64_t length, std::shared_ptr<void> keep)
    : keep_(std::move(keep)), segments_(std::move(segments)), length_(length), left_(length) {
    while (index_ < segments_.size() && first >= segments_[index_].size) {
        first -= segments_[index_].size;
        segments_[index_++] = Segment();
    }
    offset_ = first;
    if (left_ > 0 && index_ < segments_.size() && segments_[index_].file) open_file(segments_[index_]);
}

SegmentsSource::~SegmentsSource() {
    if (fd_ >= 0) ::close(fd_);
}

Task<std::optional<std::string>> SegmentsSource::read() { co_return next(); }

void SegmentsSource::open_file(const Segment& segment) {
    if (fd_ < 0) fd_ = ::open(segment.file->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) fail_on_file("cannot open", segment.file->path());
}

// The file of a segment that ended is closed when the next piece is asked for: its stretch may still be on its way.
void SegmentsSource::advance(std::uint64_t n) {
    offset_ += n;
    left_ -= n;
    if (offset_ < segments_[index_].size) return;
    offset_ = 0;
    done_with_ = std::move(segments_[index_++]);
    while (index_ < segments_.size() && segments_[index_].size == 0) ++index_;
}

// Closes what advance() left open. False at the end.
bool SegmentsSource::settle() {
    if (done_with_) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
        done_with_.reset();
    }
    return left_ > 0 && index_ < segments_.size();
}

std::optional<FileStretch> SegmentsSource::next_stretch() {
    if (!settle() || !segments_[index_].file) return std::nullopt;
    open_file(segments_[index_]);
    FileStretch stretch{fd_, offset_, std::min(left_, segments_[index_].size - offset_)};
    advance(stretch.length);
    return stretch;
}

std::optional<std::string> SegmentsSource::next() {
    if (!settle()) return std::nullopt;
    Segment& segment = segments_[index_];
    std::uint64_t n = std::min({left_, segment.size - offset_, read_piece});
    std::string piece;
    if (!segment.file) {
        piece = n == segment.data.size() ? std::move(segment.data) : segment.data.substr(offset_, n);
    } else {
        open_file(segment);
        piece.resize(n);
        ssize_t got;
        do got = ::pread(fd_, piece.data(), n, static_cast<off_t>(offset_));
        while (got < 0 && errno == EINTR);
        if (got == 0) errno = EIO;  // shorter than its row says
        if (got <= 0) fail_on_file("cannot read", segment.file->path());
        piece.resize(static_cast<std::size_t>(got));
    }
    advance(piece.size());
    return piece;
}

namespace {
// Comes back after what else the thread has to do.
Task<> give_way(Runtime& runtime) {
    co_await callback<bool>([&runtime](auto resume) { runtime.post([resume]() mutable { resume(true); }); });
}
}  // namespace

Task<> transfer(SegmentsSource& from, BodyWriter& to, Runtime& runtime) {
    std::uint64_t since_pause = 0;
    while (auto piece = from.next()) {
        since_pause += piece->size();
        co_await to.write(std::move(*piece));
        if (since_pause < copied_at_once) continue;
        since_pause = 0;
        co_await give_way(runtime);
    }
    co_await to.finish();
}

Task<> digest(SegmentsSource& from, Digests& to, Runtime& runtime) {
    std::uint64_t since_pause = 0;
    while (auto piece = from.next()) {
        since_pause += piece->size();
        to.update_aside(runtime, std::move(*piece));
        co_await to.room();
        if (since_pause < copied_at_once) continue;
        since_pause = 0;
        co_await give_way(runtime);
    }
    co_await to.all_hashed();
    to.finish();
}

}  // namespace virga::object
