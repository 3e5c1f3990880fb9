#include "emulator/function/function_store.hpp"

#include "emulator/base/json.hpp"
#include "emulator/function/function_host.hpp"

namespace virga {

namespace {

const std::vector<const char*> migrations = {R"(
create table function (
    name text primary key,
    next_version integer not null default 1
) without rowid;
create table function_version (
    function text not null,
    version text not null,
    number integer not null,      -- 0 = $LATEST
    configuration text not null,  -- JSON
    primary key (function, version)
) without rowid;
create table function_alias (
    function text not null,
    name text not null,
    document text not null,
    primary key (function, name)
) without rowid;
create table function_setting (
    function text not null,
    kind text not null,
    qualifier text not null,
    document text not null,
    primary key (function, kind, qualifier)
) without rowid;
create table function_code (
    sha256 text primary key,      -- base64
    zip blob not null
);
create table event_source_mapping (
    uuid text primary key,
    function text not null,
    source text not null,
    document text not null
) without rowid;
create table event_source_checkpoint (
    mapping text not null,
    shard text not null,
    position text not null,
    primary key (mapping, shard)
) without rowid;
)"};

std::optional<Value> one(Query q) {
    if (!q.next()) return std::nullopt;
    return json::parse(q.text(0));
}

std::vector<Value> all(Query q) {
    std::vector<Value> documents;
    while (q.next()) documents.push_back(json::parse(q.text(0)));
    return documents;
}

MappingRow mapping_row(const Query& q) { return {q.string(0), q.string(1), q.string(2), json::parse(q.text(3))}; }

}  // namespace

FunctionStore::FunctionStore(Partition& partition, Database& db) : partition_(partition) { db.migrate("function", migrations); }

void FunctionStore::close() { partition_.world().part<FunctionHost>().retire(partition_.id(), "", true); }

std::shared_ptr<const FunctionVersion> FunctionStore::version(const std::string& function, const std::string& version) {
    auto key = function + ":" + version;
    {
        std::lock_guard lock(mutex_);
        auto found = cache_.find(key);
        if (found != cache_.end()) return found->second;
    }
    // Stored in the cache under the partition's lock, so that no older view comes after a change.
    auto reading = partition_.read();
    auto document = configuration(reading.db(), function, version);
    if (!document) return nullptr;
    auto view = std::make_shared<const FunctionVersion>(partition_.id(), std::move(*document));
    std::lock_guard lock(mutex_);
    cache_[key] = view;
    return view;
}

void FunctionStore::forget() {
    std::lock_guard lock(mutex_);
    cache_.clear();
}

std::optional<Value> FunctionStore::configuration(Database& db, const std::string& function, const std::string& version) const {
    return one(db.query("select configuration from function_version where function = ? and version = ?", function, version));
}

std::vector<Value> FunctionStore::configurations(Database& db, const std::string& function) const {
    return all(db.query("select configuration from function_version where function = ? order by number", function));
}

std::vector<Value> FunctionStore::latest_configurations(Database& db) const {
    return all(db.query("select configuration from function_version where number = 0 order by function"));
}

void FunctionStore::put_configuration(Database& db, const std::string& function, const std::string& version, const Value& config) {
    std::int64_t number = version == latest ? 0 : std::stoll(version);
    db.run("insert into function_version values (?, ?, ?, ?) on conflict do update set configuration = excluded.configuration", function, version, number,
           json::write(config));
    forget();
}

void FunctionStore::create_function(Database& db, const std::string& function, const Value& config) {
    db.run("insert into function (name) values (?)", function);
    put_configuration(db, function, latest, config);
}

std::int64_t FunctionStore::take_version_number(Database& db, const std::string& function) {
    auto q = db.query("update function set next_version = next_version + 1 where name = ? returning next_version - 1", function);
    std::int64_t number = q.next() ? q.integer(0) : 1;
    while (q.next()) {
    }
    return number;
}

void FunctionStore::remove_version(Database& db, const std::string& function, const std::string& version) {
    db.run("delete from function_version where function = ? and version = ?", function, version);
    db.run("delete from function_setting where function = ? and qualifier = ?", function, version);
    drop_unused_code(db);
    forget();
}

void FunctionStore::remove_function(Database& db, const std::string& function) {
    db.run("delete from function where name = ?", function);
    db.run("delete from function_version where function = ?", function);
    db.run("delete from function_alias where function = ?", function);
    db.run("delete from function_setting where function = ?", function);
    drop_unused_code(db);
    forget();
}

void FunctionStore::put_code(Database& db, const std::string& sha256, std::string_view zip) {
    db.run("insert into function_code values (?, ?) on conflict do nothing", sha256, Blob{zip});
}

std::optional<std::string> FunctionStore::code(Database& db, const std::string& sha256) const {
    auto q = db.query("select zip from function_code where sha256 = ?", sha256);
    if (!q.next()) return std::nullopt;
    return std::string(q.blob(0));
}

void FunctionStore::drop_unused_code(Database& db) {
    db.run("delete from function_code where sha256 not in (select json_extract(configuration, '$.CodeSha256') from function_version)");
}

std::optional<Value> FunctionStore::alias(Database& db, const std::string& function, const std::string& name) const {
    return one(db.query("select document from function_alias where function = ? and name = ?", function, name));
}

std::vector<Value> FunctionStore::aliases(Database& db, const std::string& function) const {
    return all(db.query("select document from function_alias where function = ? order by name", function));
}

void FunctionStore::put_alias(Database& db, const std::string& function, const std::string& name, const Value& document) {
    db.run("insert into function_alias values (?, ?, ?) on conflict do update set document = excluded.document", function, name, json::write(document));
}

bool FunctionStore::remove_alias(Database& db, const std::string& function, const std::string& name) {
    db.run("delete from function_setting where function = ? and qualifier = ?", function, name);
    return db.run("delete from function_alias where function = ? and name = ?", function, name) > 0;
}

std::optional<Value> FunctionStore::setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier) const {
    return one(db.query("select document from function_setting where function = ? and kind = ? and qualifier = ?", function, kind, qualifier));
}

std::vector<std::pair<std::string, Value>> FunctionStore::settings(Database& db, const std::string& function, const std::string& kind) const {
    std::vector<std::pair<std::string, Value>> found;
    auto q = db.query("select qualifier, document from function_setting where function = ? and kind = ? order by qualifier", function, kind);
    while (q.next()) found.emplace_back(q.string(0), json::parse(q.text(1)));
    return found;
}

void FunctionStore::put_setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier, const Value& document) {
    db.run("insert into function_setting values (?, ?, ?, ?) on conflict do update set document = excluded.document", function, kind, qualifier,
           json::write(document));
}

bool FunctionStore::remove_setting(Database& db, const std::string& function, const std::string& kind, const std::string& qualifier) {
    return db.run("delete from function_setting where function = ? and kind = ? and qualifier = ?", function, kind, qualifier) > 0;
}

std::int64_t FunctionStore::reserved_total(Database& db, const std::string& except) const {
    auto q = db.query("select coalesce(sum(json_extract(document, '$.ReservedConcurrentExecutions')), 0) from function_setting where kind = 'concurrency' and function <> ?",
                      except);
    return q.next() ? q.integer(0) : 0;
}

std::optional<MappingRow> FunctionStore::mapping(Database& db, const std::string& uuid) const {
    auto q = db.query("select uuid, function, source, document from event_source_mapping where uuid = ?", uuid);
    if (!q.next()) return std::nullopt;
    return mapping_row(q);
}

std::vector<MappingRow> FunctionStore::mappings(Database& db) const {
    std::vector<MappingRow> rows;
    auto q = db.query("select uuid, function, source, document from event_source_mapping order by uuid");
    while (q.next()) rows.push_back(mapping_row(q));
    return rows;
}

void FunctionStore::put_mapping(Database& db, const MappingRow& row) {
    db.run("insert into event_source_mapping values (?, ?, ?, ?) on conflict do update set function = excluded.function, document = excluded.document", row.uuid,
           row.function, row.source, json::write(row.document));
}

void FunctionStore::remove_mapping(Database& db, const std::string& uuid) {
    db.run("delete from event_source_mapping where uuid = ?", uuid);
    db.run("delete from event_source_checkpoint where mapping = ?", uuid);
}

std::vector<std::pair<std::string, std::string>> FunctionStore::checkpoints(Database& db, const std::string& mapping) const {
    std::vector<std::pair<std::string, std::string>> found;
    auto q = db.query("select shard, position from event_source_checkpoint where mapping = ?", mapping);
    while (q.next()) found.emplace_back(q.string(0), q.string(1));
    return found;
}

void FunctionStore::put_checkpoint(Database& db, const std::string& mapping, const std::string& shard, const std::string& position) {
    // The mapping may have been deleted while its last batch ran.
    db.run("insert into event_source_checkpoint select ?, ?, ? where exists (select 1 from event_source_mapping where uuid = ?) "
           "on conflict do update set position = excluded.position",
           mapping, shard, position, mapping);
}

}  // namespace virga
