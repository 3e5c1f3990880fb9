// The files that hold the bodies too large for the database.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "emulator/world/activity.hpp"
#include "emulator/world/partition.hpp"

namespace virga::object {

// One folder of files in a partition. A body is written under a temporary name ("<name>.tmp"), renamed when complete, and
// referenced by a row of object_blob only after that: so no row ever points to a missing or partial file. What a crash leaves
// without a row is removed by sweep(). Names are opaque; nothing of a key is in them. Thread-safe.
class BodyFiles {
public:
    explicit BodyFiles(Partition& partition);

    // Keeps a file readable while it lives, whatever happens to the object.
    class Pin {
    public:
        Pin(BodyFiles& files, std::string name) : files_(files), name_(std::move(name)) {}
        ~Pin() { files_.unpin(name_); }
        const std::string& name() const { return name_; }
        std::string path() const { return files_.path(name_); }

    private:
        BodyFiles& files_;
        std::string name_;
    };

    std::string new_name();
    std::string path(const std::string& name);
    // Call under the partition's lock, where the row that names the file is seen.
    std::shared_ptr<Pin> pin(const std::string& name);
    // Unlinks now, or when the last pin goes. Call after the commit that dropped the row.
    void remove(const std::string& name);
    // Removes what no row refers to and this process did not write, some files in a turn of the thread, the partition's lock free in
    // between: there may be millions. Ends `busy` when it is through.
    void sweep(Activities::Token busy);
    bool sync() const;  // durability asks for it
    Runtime& runtime() const;

private:
    friend class Pin;
    struct Sweep;
    bool sweep_some(Sweep& sweep);
    void sweep_on(const std::shared_ptr<Sweep>& sweep);
    struct Pinned {
        int count = 0;
        bool doomed = false;
    };
    void unpin(const std::string& name);
    const std::string& directory();

    Partition& partition_;
    std::string run_;  // prefix of the names of this process
    std::atomic<std::uint64_t> counter_{0};
    std::mutex mutex_;
    std::string directory_;
    std::unordered_map<std::string, Pinned> pinned_;
};

// Says on stderr what failed, and why by errno, and throws InternalError: a full disk is no defect, the client is told to try again.
[[noreturn]] void fail_on_file(const char* doing, const std::string& path);
// What was made or renamed in the folder outlasts a power cut from here on. Throws InternalError.
void sync_folder(const std::string& path);

}  // namespace virga::object
