#include "emulator/object/body_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"
#include "emulator/world/world.hpp"

namespace virga::object {

namespace fs = std::filesystem;

namespace {

// No request fails with it: what cannot be removed now is swept at the next start.
void unlink_body(const std::string& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) std::fprintf(stderr, "virga: cannot remove %s: %s\n", path.c_str(), std::generic_category().message(errno).c_str());
}

}  // namespace

void fail_on_file(const char* doing, const std::string& path) {
    std::string why = std::generic_category().message(errno);
    std::fprintf(stderr, "virga: %s %s: %s\n", doing, path.c_str(), why.c_str());
    throw errors::internal_error();
}

void sync_folder(const std::string& path) {
    int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) fail_on_file("cannot open", path);
    int synced = ::fsync(folder), why = errno;
    ::close(folder);
    errno = why;
    if (synced != 0) fail_on_file("cannot sync", path);
}

BodyFiles::BodyFiles(Partition& partition)
    : partition_(partition), run_(fmt::format("{:x}-{:x}", partition.world().clock.wall(), static_cast<unsigned>(::getpid()))) {}

const std::string& BodyFiles::directory() {
    std::lock_guard lock(mutex_);
    if (directory_.empty()) {
        std::string files = partition_.files(), directory = files + "/objects";
        std::error_code ec;
        if (fs::create_directory(directory, ec); ec) {
            errno = ec.value();
            fail_on_file("cannot create", directory);
        }
        if (sync()) {
            sync_folder(files);
            sync_folder(fs::path(files).parent_path());
        }
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
    if (doomed) unlink_body(path(name));
}

void BodyFiles::remove(const std::string& name) {
    {
        std::lock_guard lock(mutex_);
        if (auto at = pinned_.find(name); at != pinned_.end()) {
            at->second.doomed = true;
            return;
        }
    }
    unlink_body(path(name));
}

struct BodyFiles::Sweep {
    std::shared_ptr<Partition> partition;
    Activities::Token busy;
    fs::directory_iterator at;
};

void BodyFiles::sweep(Activities::Token busy) {
    sweep_on(std::make_shared<Sweep>(Sweep{partition_.shared_from_this(), std::move(busy), {}}));
}

void BodyFiles::sweep_on(const std::shared_ptr<Sweep>& sweep) {
    if (partition_.closed()) return;
    try {
        if (sweep->at == fs::directory_iterator()) sweep->at = fs::directory_iterator(directory());
        if (!sweep_some(*sweep)) return;
    } catch (const std::exception& e) {  // what is left is swept at the next start
        std::fprintf(stderr, "virga: cannot sweep the body files of %s/%s: %s\n", partition_.account().c_str(), partition_.region().c_str(), e.what());
        return;
    }
    runtime().post([this, sweep] { sweep_on(sweep); });
}

// False at the end of the folder.
bool BodyFiles::sweep_some(Sweep& sweep) {
    std::vector<std::string> unknown;
    {
        Reading reading = partition_.read();
        for (std::size_t n = 0; n < swept_at_once && sweep.at != fs::directory_iterator(); ++n, ++sweep.at) {
            std::string name = sweep.at->path().filename().string();
            if (name.starts_with(run_ + "-")) continue;
            Query q = reading.db().query("select 1 from object_blob where file = ?", name);
            if (!q.next()) unknown.push_back(std::move(name));
        }
    }
    // No row can come to name one of them: what this process writes has names of its own.
    for (const std::string& name : unknown) unlink_body(path(name));
    return sweep.at != fs::directory_iterator();
}

bool BodyFiles::sync() const { return partition_.world().options.durability == Durability::power; }

Runtime& BodyFiles::runtime() const { return partition_.world().runtime; }

}  // namespace virga::object
