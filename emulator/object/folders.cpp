#include "emulator/object/folders.hpp"

namespace virga::object {

namespace {

// Whether it was not there before.
bool insert(Database& db, std::int64_t bucket, std::string_view folder, std::string_view name) {
    return db.run("insert or ignore into object_name (bucket, folder, name, marked) values (?, ?, ?, 0)", bucket, folder, name) != 0;
}

void remove(Database& db, std::int64_t bucket, std::string_view folder, std::string_view name) {
    db.run("delete from object_name where bucket = ? and folder = ? and name = ?", bucket, folder, name);
}

}  // namespace

std::string_view folder_of(std::string_view key) { return key.substr(0, key.rfind(folder_separator) + 1); }

std::string_view parent_of(std::string_view folder) { return folder_of(folder.substr(0, folder.size() - 1)); }

void add_to_folders(Database& db, std::int64_t bucket, std::string_view key, bool marker) {
    std::string_view folder = folder_of(key);
    bool fresh = insert(db, bucket, folder, key.substr(folder.size()));
    for (; !folder.empty() && fresh; folder = parent_of(folder)) fresh = insert(db, bucket, parent_of(folder), folder.substr(parent_of(folder).size()));
    if (!marker) return;
    for (folder = folder_of(key); !folder.empty(); folder = parent_of(folder)) {
        const std::string_view parent = parent_of(folder);
        if (!db.run("update object_name set marked = 1 where bucket = ? and folder = ? and name = ? and marked = 0", bucket, parent, folder.substr(parent.size()))) break;
    }
}

void remove_from_folders(Database& db, std::int64_t bucket, std::string_view key) {
    if (db.query("select 1 from object_version where bucket = ? and key = ?", bucket, key).next()) return;
    std::string_view folder = folder_of(key);
    remove(db, bucket, folder, key.substr(folder.size()));
    while (!folder.empty() && !db.query("select 1 from object_name where bucket = ? and folder = ?", bucket, folder).next()) {
        const std::string_view parent = parent_of(folder);
        remove(db, bucket, parent, folder.substr(parent.size()));
        folder = parent;
    }
}

}  // namespace virga::object
