#include "emulator/function/zip_reader.hpp"
#include "emulator/base/zip.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "emulator/base/encoding.hpp"

using namespace virga;

namespace {

struct Folder {
    std::filesystem::path path;
    Folder() {
        char name[] = "/tmp/virga-zip-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string text(const std::string& name) const {
        std::ifstream in(path / name);
        std::stringstream s;
        s << in.rdbuf();
        return s.str();
    }
};

void unpack(const std::string& zip, const Folder& to) { unpack_zip(ZipReader(zip), to.path.string()); }

}  // namespace

TEST_CASE("an archive with a nested file, an executable and a link unpacks as it was packed") {
    Folder f;
    unpack(make_zip({{"lib/a.js", "A"}, {"bootstrap", "#!/bin/sh", 0100755}, {"b.js", "lib/a.js", 0120777}}), f);
    CHECK(f.text("lib/a.js") == "A");
    CHECK(f.text("b.js") == "A");
    CHECK(std::filesystem::is_symlink(f.path / "b.js"));
    struct stat s;
    REQUIRE(::stat((f.path / "bootstrap").c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0755);
}

TEST_CASE("backslashes of Windows archivers are separators") {
    Folder f;
    unpack(make_zip({{"lib\\a.js", "A"}}), f);
    CHECK(f.text("lib/a.js") == "A");
}

TEST_CASE("nothing leaves the root, neither by name nor through a link") {
    Folder f;
    CHECK_THROWS_AS(unpack(make_zip({{"../x", "A"}}), f), ZipError);
    CHECK_THROWS_AS(unpack(make_zip({{"a/../../x", "A"}}), f), ZipError);
    CHECK_THROWS_AS(unpack(make_zip({{"/etc/x", "A"}}), f), ZipError);
    CHECK_THROWS_AS(unpack(make_zip({{"a", "../..", 0120777}}), f), ZipError);
    CHECK_THROWS_AS(unpack(make_zip({{"b", "/etc", 0120777}}), f), ZipError);
    // A file below a name that is a link elsewhere in the archive.
    CHECK_THROWS_AS(unpack(make_zip({{"c", "d", 0120777}, {"c/x", "A"}}), f), ZipError);
}

TEST_CASE("every cut of an archive is refused without harm") {
    auto zip = make_zip({{"lib/a.js", "AAAA"}, {"b.js", "B"}});
    for (std::size_t n = 0; n < zip.size(); ++n) CHECK_THROWS_AS(ZipReader(zip.substr(0, n)), ZipError);
}

TEST_CASE("every flipped byte gives an error or content, never a crash") {
    auto zip = make_zip({{"lib/a.js", "AAAA"}, {"b.js", "B"}});
    for (std::size_t i = 0; i < zip.size(); ++i) {
        auto bad = zip;
        bad[i] = static_cast<char>(bad[i] ^ 0xff);
        try {
            ZipReader reader(bad);
            for (auto& e : reader.entries()) reader.read(e);
        } catch (const ZipError&) {
        }
    }
}
