#include "emulator/object/body_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <unordered_set>

#include "emulator/world/world.hpp"

namespace virga::object {

namespace fs = std::filesystem;

BodyFiles::BodyFiles(Partition& partition)
    : partition_(partition), run_(fmt::format("{:x}-{:x}", partition.world().clock.wall(), static_cast<unsigned>(::getpid()))) {}

const std::string& BodyFiles::directory() {
    std::lock_guard lock(mutex_);
    if (directory_.empty()) {
        std::string directory = partition_.files() + "/objects";
        fs::create_directories(directory);
        directory_ = directory;
    }
    return directory_;
}

std::string BodyFiles::new_name() { return fmt::format("{}-{}", run_, counter_.fetch_add(1)); }

std::string BodyFiles::path(const std::string& name) { return directory() + "/" + name; }

std::shared_ptr<BodyFiles::Pin> BodyFiles::pin(const std::string& name) {
    {
        std::lock_guard lock(mutex_);
        ++pinned_[name].count;
    }
    return std::make_shared<Pin>(*this, name);
}

void BodyFiles::unpin(const std::string& name) {
    bool doomed = false;
    {
        std::lock_guard lock(mutex_);
        auto at = pinned_.find(name);
        if (at == pinned_.end() || --at->second.count > 0) return;
        doomed = at->second.doomed;
        pinned_.erase(at);
    }
    if (doomed) ::unlink(path(name).c_str());
}

void BodyFiles::remove(const std::string& name) {
    {
        std::lock_guard lock(mutex_);
        if (auto at = pinned_.find(name); at != pinned_.end()) {
            at->second.doomed = true;
            return;
        }
    }
    ::unlink(path(name).c_str());
}

void BodyFiles::sweep() {
    std::unordered_set<std::string> known;
    {
        Reading reading = partition_.read();
        Query q = reading.db().query("select file from object_blob where file is not null");
        while (q.next()) known.insert(q.string(0));
    }
    std::error_code ignored;
    for (fs::directory_iterator at(directory(), ignored), end; at != end; at.increment(ignored)) {
        std::string name = at->path().filename().string();
        if (!name.starts_with(run_ + "-") && !known.contains(name)) fs::remove(at->path(), ignored);
    }
}

bool BodyFiles::sync() const { return partition_.world().options.durability == Durability::power; }

Runtime& BodyFiles::runtime() const { return partition_.world().runtime; }

}  // namespace virga::object
