#include "emulator/object/listing.hpp"

#include "emulator/object/folders.hpp"
#include "emulator/world/snapshot.hpp"

namespace virga::object {

namespace {

// After this many further versions of one key, jumping to the next key is cheaper than reading on.
constexpr int versions_read_through = 16;

// Where a scan goes on: at the first key >= from (or > from).
struct Position {
    std::string from;
    bool inclusive = true;
    bool end = false;
    void jump_over_prefix(std::string_view prefix) {
        from = prefix_end(prefix);
        inclusive = true;
        end = from.empty();
    }
    void jump_over_key(std::string_view key) {
        from = std::string(key);
        inclusive = false;
    }
};

Position first_position(const ListRequest& r) {
    Position at;
    at.from = r.prefix;
    if (r.after.empty() || r.after < r.prefix) return at;
    std::string rolled = common_prefix(r.after, r.prefix, r.delimiter);
    if (!rolled.empty()) at.jump_over_prefix(rolled);
    else at.jump_over_key(r.after);
    return at;
}

Query scan(Database& db, std::int64_t bucket, const Position& at) {
    if (at.inclusive)
        return db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key >= ? order by key, seq desc", bucket, at.from);
    return db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key > ? order by key, seq desc", bucket, at.from);
}

// Not amid a folder, where a stretch of older versions or deleted keys ended.
bool goes_by_folders(const ListRequest& r, const Position& at) {
    if (r.delimiter.size() != 1 || r.delimiter[0] != folder_separator) return false;
    const std::string folder = common_prefix(at.from, r.prefix, r.delimiter);
    return folder.empty() || (at.inclusive && folder == at.from);
}

// From folder to folder, until the page is full or a key stands for itself, or a folder's keys may all be deleted.
void read_folders(Database& db, const ListRequest& r, Position& at, bool markers_count, ListPage& page) {
    const std::string_view folder = folder_of(r.prefix), wanted = std::string_view(r.prefix).substr(folder.size());
    if (!at.from.starts_with(folder)) {
        at.end = true;  // what is to come after sorts behind all that the prefix has
        return;
    }
    const std::string from = at.from.substr(folder.size());
    Query q = at.inclusive ? db.query("select name, marked from object_name where bucket = ? and folder = ? and name >= ? order by name", r.bucket, folder, from)
                           : db.query("select name, marked from object_name where bucket = ? and folder = ? and name > ? order by name", r.bucket, folder, from);
    while (q.next()) {
        const std::string_view name = q.text(0);
        if (!name.starts_with(wanted)) break;
        std::string path = std::string(folder).append(name);
        const bool is_folder = name.ends_with(folder_separator);
        if (!is_folder || (q.integer(1) && !markers_count)) {
            at.from = std::move(path);
            at.inclusive = true;
            return;
        }
        if (static_cast<std::int64_t>(page.entries.size()) == r.limit) {
            page.truncated = true;
            return;
        }
        page.entries.push_back({std::move(path), {}, false});
    }
    at.end = true;
}

// One stretch of the scan: reads rows until the page is full, the prefix is left (at.end) or it is better to jump (at moved).
void read_objects(Database& db, const ListRequest& r, Position& at, ListPage& page) {
    Query q = scan(db, r.bucket, at);
    std::string key;
    bool any = false;
    int repeated = 0;
    while (q.next()) {
        std::string_view row_key = q.text(0);
        if (!row_key.starts_with(r.prefix)) break;
        if (any && row_key == key) {  // an older version of the key just seen
            if (++repeated < versions_read_through) continue;
            at.jump_over_key(key);
            return;
        }
        key = std::string(row_key);
        any = true;
        repeated = 0;
        if (q.integer(3)) continue;  // deleted
        if (static_cast<std::int64_t>(page.entries.size()) == r.limit) {
            page.truncated = true;
            return;
        }
        std::string rolled = common_prefix(key, r.prefix, r.delimiter);
        if (rolled.empty()) {
            page.entries.push_back({{}, read_version(q, r.with_attributes), true});
            continue;
        }
        at.jump_over_prefix(rolled);
        page.entries.push_back({std::move(rolled), {}, false});
        return;
    }
    at.end = true;
}

void read_versions(Database& db, const ListRequest& r, Position& at, std::string& seen_key, ListPage& page) {
    Query q = scan(db, r.bucket, at);
    while (q.next()) {
        std::string_view row_key = q.text(0);
        if (!row_key.starts_with(r.prefix)) break;
        if (static_cast<std::int64_t>(page.entries.size()) == r.limit) {
            page.truncated = true;
            return;
        }
        std::string rolled = common_prefix(row_key, r.prefix, r.delimiter);
        if (!rolled.empty()) {
            at.jump_over_prefix(rolled);
            page.entries.push_back({std::move(rolled), {}, false});
            return;
        }
        bool latest = row_key != seen_key;
        page.entries.push_back({{}, read_version(q, r.with_attributes), latest});
        seen_key = std::string(row_key);
    }
    at.end = true;
}

// The rest of key `after` below the version that the last page ended with, where the listing names that key.
void read_older_versions(Database& db, const ListRequest& r, ListPage& page) {
    if (!r.after.starts_with(r.prefix) || !common_prefix(r.after, r.prefix, r.delimiter).empty()) return;
    auto marker = find_version(db, r.bucket, r.after, *r.after_version);
    if (!marker) return;
    Query q = db.query("select " VIRGA_VERSION_COLUMNS " from object_version where bucket = ? and key = ? and seq < ? order by seq desc", r.bucket, r.after, marker->seq);
    while (q.next()) {
        if (static_cast<std::int64_t>(page.entries.size()) == r.limit) {
            page.truncated = true;
            return;
        }
        page.entries.push_back({{}, read_version(q, r.with_attributes), false});
    }
}

}  // namespace

std::string prefix_end(std::string_view prefix) {
    std::string end(prefix);
    // A key is UTF-8, whose bytes compare as numbers: counting the last one up that can be gives the successor.
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
    if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

std::string common_prefix(std::string_view key, std::string_view prefix, std::string_view delimiter) {
    if (delimiter.empty() || !key.starts_with(prefix)) return {};
    std::size_t at = key.find(delimiter, prefix.size());
    if (at == std::string_view::npos) return {};
    return std::string(key.substr(0, at + delimiter.size()));
}

ListPage list_objects(Database& db, const ListRequest& request) {
    ListPage page;
    if (request.limit == 0) return page;
    Snapshot snapshot(db);
    Position at = first_position(request);
    while (!at.end && !page.truncated) {
        if (goes_by_folders(request, at)) read_folders(db, request, at, false, page);
        if (!at.end && !page.truncated) read_objects(db, request, at, page);
    }
    return page;
}

ListPage list_versions(Database& db, const ListRequest& request) {
    ListPage page;
    if (request.limit == 0) return page;
    Snapshot snapshot(db);
    if (request.after_version) read_older_versions(db, request, page);
    std::string seen_key;
    Position at = first_position(request);
    while (!at.end && !page.truncated) {
        if (goes_by_folders(request, at)) read_folders(db, request, at, true, page);
        if (!at.end && !page.truncated) read_versions(db, request, at, seen_key, page);
    }
    return page;
}

namespace {

UploadEntry read_upload(Query& q) {
    UploadEntry entry;
    entry.upload.key = q.string(0);
    entry.upload.upload_id = q.string(1);
    entry.upload.initiated = q.integer(2);
    entry.upload.storage_class = q.string(3);
    entry.upload.algorithm = static_cast<ChecksumAlgorithm>(q.integer(4));
    entry.upload.type = static_cast<ChecksumType>(q.integer(5));
    entry.upload.initiator = q.string(6);
    return entry;
}

// One stretch: false when the page is full or the prefix is left, true when it goes on at `at`.
bool read_uploads(Database& db, const ListRequest& r, Position& at, std::int64_t from_initiated, std::int64_t from_id, UploadPage& page) {
    Query q = db.query(
        "select key, upload_id, initiated, storage_class, checksum_algorithm, checksum_type, initiator from object_upload "
        "where bucket = ? and completed = '' and key >= ? and (key > ? or (? and (initiated, id) > (?, ?))) order by key, initiated, id",
        r.bucket, at.from, at.from, at.inclusive, from_initiated, from_id);
    while (q.next()) {
        std::string_view key = q.text(0);
        if (!key.starts_with(r.prefix)) return false;
        if (static_cast<std::int64_t>(page.entries.size()) == r.limit) {
            page.truncated = true;
            return false;
        }
        std::string rolled = common_prefix(key, r.prefix, r.delimiter);
        if (rolled.empty()) {
            page.entries.push_back(read_upload(q));
            continue;
        }
        page.entries.push_back({rolled, {}});
        at.jump_over_prefix(rolled);
        return !at.end;
    }
    return false;
}

}  // namespace

UploadPage list_uploads(Database& db, const ListRequest& r) {
    UploadPage page;
    if (r.limit == 0) return page;
    Snapshot snapshot(db);
    Position at = first_position(r);
    std::int64_t initiated = -1, id = -1;
    if (r.after_version && !r.after.empty() && at.from == r.after) {
        Query q = db.query("select id, initiated from object_upload where upload_id = ? and bucket = ? and key = ?", *r.after_version, r.bucket, r.after);
        if (q.next()) {
            id = q.integer(0);
            initiated = q.integer(1);
            at.inclusive = true;
        }
    }
    while (read_uploads(db, r, at, initiated, id, page)) initiated = id = -1;
    return page;
}

}  // namespace virga::object
