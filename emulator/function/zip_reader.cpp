#include "emulator/function/zip_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>

#include "emulator/base/encoding.hpp"

namespace virga {

namespace {

constexpr std::uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50, end64_signature = 0x06064b50, locator64_signature = 0x07064b50;
constexpr std::size_t local_length = 30, central_length = 46, end_length = 22, end64_length = 56, locator64_length = 20;

// Little-endian numbers at any place of the archive; never outside of it.
struct Cursor {
    std::string_view data;
    std::uint64_t number(std::uint64_t at, int bytes) const {
        if (at > data.size() || data.size() - at < static_cast<std::size_t>(bytes)) throw ZipError("the archive is cut off");
        std::uint64_t v = 0;
        for (int i = bytes - 1; i >= 0; --i) v = v << 8 | static_cast<unsigned char>(data[at + static_cast<std::uint64_t>(i)]);
        return v;
    }
    std::uint32_t u16(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 2)); }
    std::uint32_t u32(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
    std::uint64_t u64(std::uint64_t at) const { return number(at, 8); }
    std::string_view bytes(std::uint64_t at, std::uint64_t n) const {
        if (at > data.size() || data.size() - at < n) throw ZipError("the archive is cut off");
        return data.substr(at, n);
    }
};

// The name with '/' only and without empty or "." parts. Refuses absolute names and "..".
std::string clean_name(std::string name, bool& directory) {
    std::replace(name.begin(), name.end(), '\\', '/');
    if (name.empty() || name[0] == '/' || name.find('\0') != std::string::npos) throw ZipError("an entry has an absolute or empty name");
    directory = name.back() == '/';
    std::string clean;
    for (std::size_t at = 0; at <= name.size();) {
        auto end = std::min(name.find('/', at), name.size());
        auto part = std::string_view(name).substr(at, end - at);
        if (part == "..") throw ZipError("an entry leaves the archive's root");
        if (!part.empty() && part != ".") {
            if (!clean.empty()) clean += '/';
            clean += part;
        }
        at = end + 1;
    }
    return clean;
}

bool stays_inside(const std::string& link_name, const std::string& target) {
    if (target.empty() || target[0] == '/') return false;
    auto depth = std::count(link_name.begin(), link_name.end(), '/');
    for (std::size_t at = 0; at <= target.size();) {
        auto end = std::min(target.find('/', at), target.size());
        auto part = std::string_view(target).substr(at, end - at);
        if (part == "..") --depth;
        else if (!part.empty() && part != ".") ++depth;
        if (depth < 0) return false;
        at = end + 1;
    }
    return true;
}

// The ZIP64 extra field holds, in this order, those of size, compressed size and offset that did not fit.
void apply_zip64(const Cursor& in, std::uint64_t at, std::uint64_t length, ZipEntry& e) {
    for (auto end = at + length; at + 4 <= end;) {
        auto id = in.u16(at), size = in.u16(at + 2);
        if (id == 1) {
            auto field = at + 4;
            for (auto* value : {&e.size, &e.compressed, &e.offset})
                if (*value == 0xffffffff) {
                    *value = in.u64(field);
                    field += 8;
                }
            return;
        }
        at += 4 + size;
    }
}

}  // namespace

ZipReader::ZipReader(std::string_view archive) : archive_(archive) {
    Cursor in{archive};
    if (archive.size() < end_length) throw ZipError("too short for a zip archive");
    // The end record is followed by a comment of at most 65535 bytes.
    std::uint64_t at = archive.size() - end_length, lowest = at > 65535 ? at - 65535 : 0;
    while (in.u32(at) != end_signature)
        if (at-- == lowest) throw ZipError("no end of central directory");
    std::uint64_t count = in.u16(at + 10), size = in.u32(at + 12), offset = in.u32(at + 16);
    if ((count == 0xffff || size == 0xffffffff || offset == 0xffffffff) && at >= locator64_length &&
        in.u32(at - locator64_length) == locator64_signature) {
        auto end64 = in.u64(at - locator64_length + 8);
        if (in.bytes(end64, end64_length).empty() || in.u32(end64) != end64_signature) throw ZipError("bad ZIP64 end record");
        count = in.u64(end64 + 32);
        size = in.u64(end64 + 40);
        offset = in.u64(end64 + 48);
    }
    read_directory(offset, count, size);
}

void ZipReader::read_directory(std::uint64_t offset, std::uint64_t count, std::uint64_t size) {
    Cursor in{archive_};
    if (count > archive_.size() / central_length || in.bytes(offset, size).size() != size) throw ZipError("bad central directory");
    entries_.reserve(count);
    for (auto at = offset; count > 0; --count) {
        if (in.u32(at) != central_signature) throw ZipError("bad central directory entry");
        ZipEntry e;
        bool unix_made = in.u16(at + 4) >> 8 == 3;
        if (in.u16(at + 8) & 1) throw ZipError("an entry is encrypted");
        e.method = static_cast<std::uint16_t>(in.u16(at + 10));
        e.crc = in.u32(at + 16);
        e.compressed = in.u32(at + 20);
        e.size = in.u32(at + 24);
        auto name_length = in.u16(at + 28), extra_length = in.u16(at + 30), comment_length = in.u16(at + 32);
        auto attributes = in.u32(at + 38) >> 16;
        e.offset = in.u32(at + 42);
        e.name = clean_name(std::string(in.bytes(at + central_length, name_length)), e.directory);
        apply_zip64(in, at + central_length + name_length, extra_length, e);
        if (unix_made && attributes) {
            e.directory = e.directory || (attributes & S_IFMT) == S_IFDIR;
            e.symlink = (attributes & S_IFMT) == S_IFLNK;
            e.mode = attributes & 0777;
        }
        if (!unix_made || !(attributes & 0777)) e.mode = e.directory ? 0755 : 0644;
        unpacked_size_ += e.size;
        if (!e.name.empty()) entries_.push_back(std::move(e));
        at += central_length + name_length + extra_length + comment_length;
    }
}

std::string ZipReader::read(const ZipEntry& e) const {
    Cursor in{archive_};
    if (in.u32(e.offset) != local_signature) throw ZipError("bad local header of " + e.name);
    auto data = in.bytes(e.offset + local_length + in.u16(e.offset + 26) + in.u16(e.offset + 28), e.compressed);
    std::string out;
    if (e.method == 0) {
        out = data;
    } else if (e.method == 8) {
        // Deflate gains at most about 1:1032, so a larger claim is a lie and is not allocated.
        if (e.size / 1040 > e.compressed + 1) throw ZipError("wrong size of " + e.name);
        out.resize(e.size + 1);
        z_stream z{};
        if (inflateInit2(&z, -MAX_WBITS) != Z_OK) throw ZipError("no memory to inflate " + e.name);
        z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
        z.avail_in = static_cast<uInt>(data.size());
        z.next_out = reinterpret_cast<Bytef*>(out.data());
        z.avail_out = static_cast<uInt>(out.size());
        int result = inflate(&z, Z_FINISH);
        auto written = z.total_out;
        inflateEnd(&z);
        if (result != Z_STREAM_END) throw ZipError("cannot inflate " + e.name);
        out.resize(written);
    } else {
        throw ZipError("unknown compression method of " + e.name);
    }
    if (out.size() != e.size || virga::crc32(out) != e.crc) throw ZipError("wrong checksum of " + e.name);
    return out;
}

void unpack_zip(const ZipReader& zip, const std::string& directory) {
    namespace fs = std::filesystem;
    for (auto& e : zip.entries()) {
        fs::path path = fs::path(directory) / e.name;
        std::error_code failed;
        fs::create_directories(e.directory ? path : path.parent_path(), failed);
        if (failed) throw ZipError("cannot make the directory of " + e.name);
        if (e.directory || e.symlink) continue;
        auto content = zip.read(e);
        int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (fd < 0) throw ZipError("cannot write " + e.name);
        std::size_t done = 0;
        while (done < content.size()) {
            auto n = ::write(fd, content.data() + done, content.size() - done);
            if (n <= 0) break;
            done += static_cast<std::size_t>(n);
        }
        ::fchmod(fd, static_cast<mode_t>(e.mode | 0444));
        ::close(fd);
        if (done != content.size()) throw ZipError("cannot write " + e.name);
    }
    for (auto& e : zip.entries()) {
        if (!e.symlink) continue;
        auto target = zip.read(e);
        if (!stays_inside(e.name, target)) throw ZipError("the link " + e.name + " leaves the archive's root");
        if (::symlink(target.c_str(), (fs::path(directory) / e.name).c_str()) != 0) throw ZipError("cannot link " + e.name);
    }
}

}  // namespace virga
