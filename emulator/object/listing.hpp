// Pages of keys, versions and uploads in the order of their bytes. Everything under a delimiter is skipped, not scanned:
// the cost of a page is that of its entries, however many keys a common prefix hides. With the delimiter '/' it is that of as many neighbouring
// rows (folders.hpp), else of as many searches.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/object/uploads.hpp"
#include "emulator/object/versions.hpp"

namespace virga::object {

struct ListRequest {
    std::int64_t bucket = 0;
    std::string prefix, delimiter;
    std::string after;                        // only what sorts after this key; inside or equal to a common prefix: after all of that
    std::optional<std::string> after_version;  // versions: only what comes after this version of key `after`
    std::int64_t limit = 1000;
    bool with_attributes = false;             // of versions
};

// A key's version, or a common prefix (then only `prefix` is set).
struct ListEntry {
    std::string prefix;
    Version version;
    bool latest = false;
    bool is_prefix() const { return !prefix.empty(); }
    const std::string& name() const { return is_prefix() ? prefix : version.key; }
};

struct ListPage {
    std::vector<ListEntry> entries;  // keys and common prefixes, merged
    bool truncated = false;
};

// Current versions that are no delete markers. Attributes are read when asked for.
ListPage list_objects(Database& db, const ListRequest& request);
// All versions and delete markers, a key's newest first.
ListPage list_versions(Database& db, const ListRequest& request);

struct UploadEntry {
    std::string prefix;
    Upload upload;
};
struct UploadPage {
    std::vector<UploadEntry> entries;
    bool truncated = false;
};
// Open uploads by key, then by age. `after_version` is the upload id marker.
UploadPage list_uploads(Database& db, const ListRequest& request);

// The least string that sorts after everything that begins with `prefix`; empty when there is none.
std::string prefix_end(std::string_view prefix);
// The common prefix that `key` falls under; empty when it stands for itself.
std::string common_prefix(std::string_view key, std::string_view prefix, std::string_view delimiter);

}  // namespace virga::object
