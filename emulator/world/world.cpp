#include "emulator/world/world.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace virga {

namespace fs = std::filesystem;

namespace {

// Nothing is opened or written before the directory is ours.
int lock_directory(const std::string& dir) {
    std::error_code ec;
    fs::create_directories(dir, ec);
    if (ec) throw StartError(fmt::format("The data directory {} cannot be created: {}.", dir, ec.message()));
    std::string path = dir + "/lock";
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) throw StartError(fmt::format("The data directory {} cannot be written.", dir));
    // A process that was killed while it started another leaves its lock to that one until it has become its program.
    bool locked = false;
    for (int tries = 0; !locked && tries < 100; ++tries) {
        locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
        if (!locked) ::poll(nullptr, 0, 10);
    }
    if (!locked) {
        ::close(fd);
        throw StartError(fmt::format("The data directory {} is in use by another virga process.", dir));
    }
    return fd;
}

template <class Open>
auto opened_or_start_error(const std::string& file, Open open) {
    try {
        return open();
    } catch (const SchemaTooNew& e) {
        throw StartError(fmt::format("The file {} cannot be used: {}.", file, e.what()));
    } catch (const DatabaseError& e) {
        if (e.code == SQLITE_NOTADB || e.code == SQLITE_CORRUPT)
            throw StartError(fmt::format("The file {} is damaged or no virga data ({}); nothing was changed.", file, e.what()));
        throw StartError(fmt::format("The file {} cannot be opened: {}.", file, e.what()));
    }
}

}  // namespace

World::World(Runtime& r, WorldOptions o) : runtime(r), options(std::move(o)), clock(r), random(options.seed), activities(r) {
    std::string names;
    if (!options.data.empty()) {
        lock_file_ = lock_directory(options.data);
        names = options.data + "/directory.db";
    }
    directory = opened_or_start_error(names, [&] { return std::make_unique<Directory>(names, options.durability); });
    if (!options.data.empty()) {
        const std::optional<ClockState> kept = directory->clock();
        clock.go_on(kept, [this](const ClockState& state) { directory->keep_clock(state); });
        if (kept && options.freeze_at) options.freeze_at = std::max(*options.freeze_at, clock.now());  // it never goes back
    }
    if (options.freeze_at) clock.freeze(options.freeze_at);
}

World::~World() {
    close();
    if (lock_file_ >= 0) ::close(lock_file_);
}

std::string World::partition_path(const PartitionId& id) const {
    return options.data.empty() ? std::string() : options.data + "/" + id.account + "/" + id.region;
}

std::shared_ptr<Partition> World::partition(const PartitionId& id) {
    std::shared_ptr<Partition> p;
    {
        std::lock_guard lock(mutex_);
        if (auto it = partitions_.find(id); it != partitions_.end()) return it->second;
        if (closed_) throw ApiError("ServiceUnavailable", 503, "The emulator is stopping.");
        std::string path = partition_path(id);
        if (!path.empty()) fs::create_directories(path);
        p = opened_or_start_error(path + "/state.db", [&] { return std::make_shared<Partition>(*this, id, path, options.durability); });
        partitions_.emplace(id, p);
    }
    p->jobs().load();
    for (auto& work : on_open_) work(*p);
    return p;
}

std::shared_ptr<Partition> World::find_partition(const PartitionId& id) {
    std::lock_guard lock(mutex_);
    auto it = partitions_.find(id);
    return it == partitions_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<Partition>> World::partitions() {
    std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Partition>> out;
    for (auto& [id, p] : partitions_) out.push_back(p);
    return out;
}

void World::on_open(std::function<void(Partition&)> work) { on_open_.push_back(std::move(work)); }

void World::open_existing() {
    if (options.data.empty()) return;
    std::vector<PartitionId> found;
    for (const auto& account : fs::directory_iterator(options.data)) {
        if (!account.is_directory()) continue;
        for (const auto& region : fs::directory_iterator(account.path()))
            if (fs::exists(region.path() / "state.db")) found.push_back({account.path().filename().string(), region.path().filename().string()});
    }
    std::sort(found.begin(), found.end());
    for (const PartitionId& id : found) partition(id);
}

void World::reset(const std::string& account) {
    std::vector<std::shared_ptr<Partition>> dropped;
    {
        std::lock_guard lock(mutex_);
        for (auto it = partitions_.begin(); it != partitions_.end();) {
            if (!account.empty() && it->first.account != account) {
                ++it;
                continue;
            }
            dropped.push_back(it->second);
            it = partitions_.erase(it);
        }
        std::error_code ignored;
        for (auto& p : dropped) {
            std::string path = partition_path(p->id());
            if (!path.empty()) fs::remove_all(path, ignored);
        }
    }
    for (auto& p : dropped) p->close();
    directory->forget(account);
    if (account.empty()) trace.clear();
}

void World::close() {
    std::map<PartitionId, std::shared_ptr<Partition>> partitions;
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        partitions.swap(partitions_);
    }
    for (auto& [id, p] : partitions) p->close();
    std::vector<std::pair<const char*, std::shared_ptr<Part>>> parts;
    {
        std::lock_guard lock(parts_mutex_);
        parts.swap(parts_);
    }
    for (auto it = parts.rbegin(); it != parts.rend(); ++it) it->second->close();
    partitions.clear();
    parts.clear();
    std::error_code ignored;
    if (!scratch_.empty()) fs::remove_all(scratch_, ignored);
    scratch_.clear();
}

const std::string& World::scratch() {
    std::lock_guard lock(parts_mutex_);
    if (scratch_.empty()) {
        const char* tmp = std::getenv("TMPDIR");
        std::string pattern = std::string(tmp && *tmp ? tmp : "/tmp") + "/virga-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw StartError("No temporary directory can be made under " + pattern.substr(0, pattern.size() - 13) + ".");
        scratch_ = pattern;
    }
    return scratch_;
}

Part* World::world_part(const char* key, const std::function<std::shared_ptr<Part>()>& make) {
    std::lock_guard lock(parts_mutex_);
    for (auto& [k, p] : parts_)
        if (k == key) return p.get();
    std::shared_ptr<Part> made = make();
    parts_.emplace_back(key, made);
    return made.get();
}

}  // namespace virga
