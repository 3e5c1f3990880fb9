#include "emulator/gateway/store.hpp"

#include "emulator/base/json.hpp"
#include "emulator/gateway/snapshot.hpp"

namespace virga::gateway {
namespace {

Object document(std::string_view text) { return json::parse(text).as_object(); }
std::string text(const Object& o) { return json::write(Value(o)); }

}  // namespace

Store::Store(Partition&, Database& db) {
    db.migrate("gateway", {R"(
create table gateway_api (id text primary key, created integer not null, settings text not null);
create table gateway_resource (api text not null, id text not null, parent text not null, part text not null, path text not null,
                               methods text not null, primary key (api, id));
create table gateway_deployment (api text not null, id text not null, created integer not null, description text not null,
                                 snapshot text not null, primary key (api, id));
create table gateway_stage (api text not null, name text not null, created integer not null, updated integer not null,
                            settings text not null, primary key (api, name));
create table gateway_item (api text not null, kind text not null, name text not null, document text not null,
                           primary key (api, kind, name));
)"});
}

std::optional<RestApi> Store::api(Database& db, std::string_view id) const {
    auto q = db.query("select id, created, settings from gateway_api where id = ?", id);
    if (!q.next()) return {};
    return RestApi{q.string(0), q.integer(1), document(q.text(2))};
}

std::vector<RestApi> Store::apis(Database& db) const {
    std::vector<RestApi> out;
    auto q = db.query("select id, created, settings from gateway_api order by rowid");
    while (q.next()) out.push_back({q.string(0), q.integer(1), document(q.text(2))});
    return out;
}

void Store::put(Database& db, const RestApi& api) {
    db.run("insert into gateway_api values (?, ?, ?) on conflict do update set settings = excluded.settings", api.id, api.created,
           text(api.settings));
}

void Store::remove_api(Database& db, std::string_view id) {
    db.run("delete from gateway_api where id = ?", id);
    db.run("delete from gateway_resource where api = ?", id);
    db.run("delete from gateway_deployment where api = ?", id);
    db.run("delete from gateway_stage where api = ?", id);
    db.run("delete from gateway_item where api = ?", id);
    snapshots_.clear();
}

std::optional<Resource> Store::resource(Database& db, std::string_view api, std::string_view id) const {
    auto q = db.query("select id, parent, part, path, methods from gateway_resource where api = ? and id = ?", api, id);
    if (!q.next()) return {};
    return Resource{q.string(0), q.string(1), q.string(2), q.string(3), document(q.text(4))};
}

std::vector<Resource> Store::resources(Database& db, std::string_view api) const {
    std::vector<Resource> out;
    auto q = db.query("select id, parent, part, path, methods from gateway_resource where api = ? order by rowid", api);
    while (q.next()) out.push_back({q.string(0), q.string(1), q.string(2), q.string(3), document(q.text(4))});
    return out;
}

void Store::put(Database& db, std::string_view api, const Resource& r) {
    db.run(
        "insert into gateway_resource values (?, ?, ?, ?, ?, ?) on conflict do update set parent = excluded.parent, part = excluded.part, "
        "path = excluded.path, methods = excluded.methods",
        api, r.id, r.parent, r.part, r.path, text(r.methods));
}

void Store::remove_resource(Database& db, std::string_view api, std::string_view id) {
    db.run("delete from gateway_resource where api = ? and id = ?", api, id);
}

std::optional<Deployment> Store::deployment(Database& db, std::string_view api, std::string_view id) const {
    auto q = db.query("select id, created, description, snapshot from gateway_deployment where api = ? and id = ?", api, id);
    if (!q.next()) return {};
    return Deployment{q.string(0), q.integer(1), q.string(2), q.string(3)};
}

std::vector<Deployment> Store::deployments(Database& db, std::string_view api) const {
    std::vector<Deployment> out;
    auto q = db.query("select id, created, description, snapshot from gateway_deployment where api = ? order by rowid desc", api);
    while (q.next()) out.push_back({q.string(0), q.integer(1), q.string(2), q.string(3)});
    return out;
}

void Store::put(Database& db, std::string_view api, const Deployment& d) {
    db.run("insert into gateway_deployment values (?, ?, ?, ?, ?) on conflict do update set description = excluded.description", api, d.id,
           d.created, d.description, d.snapshot);
}

void Store::remove_deployment(Database& db, std::string_view api, std::string_view id) {
    db.run("delete from gateway_deployment where api = ? and id = ?", api, id);
    snapshots_.erase(std::string(api) + "/" + std::string(id));
}

std::optional<Stage> Store::stage(Database& db, std::string_view api, std::string_view name) const {
    auto q = db.query("select name, created, updated, settings from gateway_stage where api = ? and name = ?", api, name);
    if (!q.next()) return {};
    return Stage{q.string(0), q.integer(1), q.integer(2), document(q.text(3))};
}

std::vector<Stage> Store::stages(Database& db, std::string_view api) const {
    std::vector<Stage> out;
    auto q = db.query("select name, created, updated, settings from gateway_stage where api = ? order by rowid", api);
    while (q.next()) out.push_back({q.string(0), q.integer(1), q.integer(2), document(q.text(3))});
    return out;
}

void Store::put(Database& db, std::string_view api, const Stage& s) {
    db.run("insert into gateway_stage values (?, ?, ?, ?, ?) on conflict do update set updated = excluded.updated, settings = excluded.settings",
           api, s.name, s.created, s.updated, text(s.settings));
}

void Store::remove_stage(Database& db, std::string_view api, std::string_view name) {
    db.run("delete from gateway_stage where api = ? and name = ?", api, name);
}

std::optional<Object> Store::item(Database& db, std::string_view api, std::string_view kind, std::string_view name) const {
    auto q = db.query("select document from gateway_item where api = ? and kind = ? and name = ?", api, kind, name);
    if (!q.next()) return {};
    return document(q.text(0));
}

std::vector<std::pair<std::string, Object>> Store::items(Database& db, std::string_view api, std::string_view kind) const {
    std::vector<std::pair<std::string, Object>> out;
    auto q = db.query("select name, document from gateway_item where api = ? and kind = ? order by rowid", api, kind);
    while (q.next()) out.emplace_back(q.string(0), document(q.text(1)));
    return out;
}

void Store::put_item(Database& db, std::string_view api, std::string_view kind, std::string_view name, const Object& doc) {
    db.run("insert into gateway_item values (?, ?, ?, ?) on conflict do update set document = excluded.document", api, kind, name, text(doc));
}

void Store::remove_item(Database& db, std::string_view api, std::string_view kind, std::string_view name) {
    db.run("delete from gateway_item where api = ? and kind = ? and name = ?", api, kind, name);
}

std::shared_ptr<const Snapshot> Store::snapshot(Database& db, std::string_view api, std::string_view id) {
    std::string key = std::string(api) + "/" + std::string(id);
    auto& slot = snapshots_[key];
    if (!slot) {
        auto found = deployment(db, api, id);
        if (!found) {
            snapshots_.erase(key);
            return nullptr;
        }
        slot = std::make_shared<const Snapshot>(Snapshot::compile(found->snapshot));
    }
    return slot;
}

}  // namespace virga::gateway
