#include "emulator/table/records.hpp"

#include "emulator/base/json.hpp"

namespace virga::table {

std::optional<Value> find_record(Database& db, std::string_view kind, std::string_view name) {
    Query q = db.query("SELECT document FROM ddb_record WHERE kind=? AND name=?", kind, name);
    if (!q.next()) return std::nullopt;
    return json::parse(q.text(0));
}

void put_record(Database& db, std::string_view kind, std::string_view name, const Value& document) {
    db.run("INSERT INTO ddb_record(kind, name, document) VALUES(?,?,?) ON CONFLICT(kind, name) DO UPDATE SET document=excluded.document", kind, name,
           json::write(document));
}

std::vector<std::pair<std::string, Value>> list_records(Database& db, std::string_view kind, std::string_view after) {
    std::vector<std::pair<std::string, Value>> found;
    Query q = db.query("SELECT name, document FROM ddb_record WHERE kind=? AND name>? ORDER BY name", kind, after);
    while (q.next()) found.emplace_back(q.string(0), json::parse(q.text(1)));
    return found;
}

}  // namespace virga::table
