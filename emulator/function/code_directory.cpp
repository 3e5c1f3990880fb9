#include "emulator/function/code_directory.hpp"

#include <unistd.h>

#include <filesystem>

#include "emulator/base/encoding.hpp"
#include "emulator/function/function_store.hpp"
#include "emulator/function/zip_reader.hpp"

namespace fs = std::filesystem;

namespace virga {

std::string CodeDirectories::find(const FunctionVersion& function, const std::string& node_modules) {
    if (!function.directory.empty()) return function.directory;
    std::lock_guard lock(mutex_);
    auto partition = world_.partition(function.partition);
    fs::path base = fs::path(partition->files()) / "code";
    fs::path target = base / hex_encode(base64_decode(function.code_sha256).value_or(""));
    if (fs::exists(target)) return target.string();

    auto& store = partition->part<FunctionStore>();
    std::optional<std::string> zip;
    {
        auto reading = partition->read();
        zip = store.code(reading.db(), function.code_sha256);
    }
    if (!zip) throw std::runtime_error("the code of " + function.name + " is gone");
    // Into a temporary directory first: what has the final name is complete.
    fs::path temporary = base / ("unpacking-" + std::to_string(::getpid()));
    fs::remove_all(temporary);
    fs::create_directories(temporary);
    unpack_zip(ZipReader(*zip), temporary.string());
    fs::rename(temporary, target);
    // Packages beside the code: found by require and import alike, after the code's own.
    std::error_code ignored;
    if (!node_modules.empty() && !fs::exists(base / "node_modules")) fs::create_directory_symlink(node_modules, base / "node_modules", ignored);
    return target.string();
}

std::string CodeDirectories::fingerprint(const FunctionVersion& function) {
    if (function.directory.empty()) return {};
    std::uint64_t mark = 0;
    std::error_code failed;
    fs::recursive_directory_iterator it(function.directory, fs::directory_options::follow_directory_symlink, failed), end;
    for (std::size_t files = 0; !failed && it != end && files < 20000; it.increment(failed), ++files) {
        auto name = it->path().filename().string();
        if (name == "node_modules" || name == ".git" || name == "__pycache__") it.disable_recursion_pending();
        if (name == "__pycache__" || it->is_directory(failed)) continue;
        auto changed = it->last_write_time(failed).time_since_epoch().count();
        mark ^= hash64(it->path().string(), static_cast<std::uint64_t>(changed) * 31 + it->file_size(failed));
    }
    return std::to_string(mark);
}

}  // namespace virga
