#include "emulator/object/body_files.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "emulator/object/limits.hpp"
#include "emulator/object/store.hpp"
#include "emulator/world/world.hpp"

using namespace virga;
using namespace virga::object;

namespace fs = std::filesystem;

namespace {

// A data directory, and one virga after the other on it.
struct Disk {
    std::string path = fs::temp_directory_path() / "virga-body-files-XXXXXX";
    Disk() { REQUIRE(::mkdtemp(path.data())); }
    ~Disk() { fs::remove_all(path); }

    // Opens the store, waits until nothing is in flight, and calls `use` with its partition.
    template <class Use>
    void run(Use use) {
        Runtime runtime{2};
        WorldOptions options;
        options.data = path;
        World world{runtime, options};
        {
            auto partition = world.partition({"111111111111", "eu-west-1"});
            partition->part<ObjectStore>();
            std::promise<bool> idle;
            start_with_result(world.activities.wait_idle(10'000), [&idle](std::exception_ptr, std::optional<bool> is) { idle.set_value(is.value_or(false)); });
            CHECK(idle.get_future().get());
            use(*partition);
        }
        world.close();
        runtime.flush();
    }
};

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("what no row refers to is swept at the start, however much it is") {
    Disk disk;
    std::string folder, kept;
    disk.run([&](Partition& partition) {
        BodyFiles& files = partition.part<ObjectStore>().files();
        kept = files.new_name();
        std::ofstream(files.path(kept)) << "body";
        Transaction tx = partition.write();
        tx.db().run("insert into object_blob (id, refs, size, file) values (1, 1, 4, ?)", kept);
        tx.commit();
        folder = partition.files() + "/objects";
        for (std::size_t n = 0; n < 2 * swept_at_once; ++n) std::ofstream(folder + "/left-" + std::to_string(n) + (n % 2 ? ".tmp" : "")) << "x";
    });
    CHECK(files_in(folder) == 2 * swept_at_once + 1);
    disk.run([&](Partition&) {});
    CHECK(files_in(folder) == 1);
    CHECK(fs::exists(folder + "/" + kept));
}

TEST_CASE("a file goes when its last reader has gone") {
    Disk disk;
    disk.run([&](Partition& partition) {
        BodyFiles& files = partition.part<ObjectStore>().files();
        std::string name = files.new_name();
        std::ofstream(files.path(name)) << "body";
        auto one = files.pin(name), two = files.pin(name);
        files.remove(name);
        one.reset();
        CHECK(fs::exists(files.path(name)));
        two.reset();
        CHECK_FALSE(fs::exists(files.path(name)));
    });
}
