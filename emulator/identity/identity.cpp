#include "emulator/identity/identity.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/identity/schema.hpp"
#include "emulator/world/world.hpp"

namespace virga::identity {

namespace {

std::string folded(std::string_view name) { return to_lower(name); }

Entity read_entity(Kind kind, const Query& q) {
    Entity e;
    e.kind = kind;
    e.name = q.string(0);
    e.id = q.string(1);
    e.path = q.string(2);
    e.created = q.integer(3);
    e.document = q.string(4);
    e.description = q.string(5);
    e.max_session = q.integer(6);
    e.boundary = q.string(7);
    e.tags = json::parse(q.text(8)).as_object();
    return e;
}

std::vector<std::string> texts(Query q) {
    std::vector<std::string> found;
    while (q.next()) found.push_back(q.string(0));
    return found;
}

}  // namespace

std::shared_ptr<Partition> global_partition(World& world, const std::string& account) { return world.partition({account, "aws-global"}); }

Identity::Identity(Partition& partition, Database& db) : partition_(partition) { db.migrate("identity", schema()); }

std::optional<Entity> Identity::find(Database& db, Kind kind, std::string_view name) {
    auto q = db.query("select name, id, path, created, document, description, max_session, boundary, tags from identity_entity where kind = ? and folded = ?",
                      word(kind), folded(name));
    if (!q.next() || q.text(0) != name) return std::nullopt;
    return read_entity(kind, q);
}

Entity Identity::get(Database& db, Kind kind, std::string_view name) {
    auto entity = find(db, kind, name);
    if (!entity) throw entity_not_found(kind, name);
    return *entity;
}

void Identity::insert(Transaction& tx, const Entity& e) {
    int added = tx.db().run("insert or ignore into identity_entity (kind, folded, name, id, path, created, document, description, max_session, boundary, tags) "
                            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            word(e.kind), folded(e.name), e.name, e.id, e.path, e.created, e.document, e.description, e.max_session, e.boundary,
                            json::write(e.tags));
    if (added == 0) throw entity_exists(e.kind, e.name);
}

void Identity::update(Transaction& tx, const Entity& e, std::string_view old_name) {
    Database& db = tx.db();
    std::string from = folded(old_name), to = folded(e.name);
    if (from != to) {
        {
            auto q = db.query("select 1 from identity_entity where kind = ? and folded = ?", word(e.kind), to);
            if (q.next()) throw entity_exists(e.kind, e.name);
        }
        db.run("update identity_inline set folded = ? where kind = ? and folded = ?", to, word(e.kind), from);
        db.run("update identity_attachment set folded = ? where kind = ? and folded = ?", to, word(e.kind), from);
        db.run("update identity_member set folded = ? where kind = ? and folded = ?", to, word(e.kind), from);
        if (e.kind == Kind::user) {
            db.run("update identity_member set member = ? where kind = 'group' and member = ?", to, from);
            db.run("update identity_access_key set user = ? where user = ?", to, from);
        }
    }
    db.run("update identity_entity set folded = ?, name = ?, path = ?, document = ?, description = ?, max_session = ?, boundary = ?, tags = ? "
           "where kind = ? and folded = ?",
           to, e.name, e.path, e.document, e.description, e.max_session, e.boundary, json::write(e.tags), word(e.kind), from);
}

void Identity::erase(Transaction& tx, const Entity& e) {
    tx.db().run("delete from identity_inline where kind = ? and folded = ?", word(e.kind), folded(e.name));
    tx.db().run("delete from identity_attachment where kind = ? and folded = ?", word(e.kind), folded(e.name));
    tx.db().run("delete from identity_member where kind = ? and folded = ?", word(e.kind), folded(e.name));
    tx.db().run("delete from identity_entity where kind = ? and folded = ?", word(e.kind), folded(e.name));
}

std::vector<Entity> Identity::list(Database& db, Kind kind, std::string_view path_prefix) {
    std::vector<Entity> found;
    auto q = db.query("select name, id, path, created, document, description, max_session, boundary, tags from identity_entity "
                      "where kind = ? and substr(path, 1, length(?)) = ? order by folded",
                      word(kind), path_prefix, path_prefix);
    while (q.next()) found.push_back(read_entity(kind, q));
    return found;
}

std::string Identity::arn(const Entity& e) const { return "arn:aws:iam::" + partition_.account() + ":" + word(e.kind) + e.path + e.name; }

void Identity::put_inline(Transaction& tx, const Entity& e, const std::string& policy, const std::string& document) {
    tx.db().run("insert into identity_inline (kind, folded, policy, document) values (?, ?, ?, ?) "
                "on conflict (kind, folded, policy) do update set document = excluded.document",
                word(e.kind), folded(e.name), policy, document);
}

std::optional<std::string> Identity::inline_policy(Database& db, const Entity& e, std::string_view policy) {
    auto q = db.query("select document from identity_inline where kind = ? and folded = ? and policy = ?", word(e.kind), folded(e.name), policy);
    if (!q.next()) return std::nullopt;
    return q.string(0);
}

std::vector<std::string> Identity::inline_policies(Database& db, const Entity& e) {
    return texts(db.query("select policy from identity_inline where kind = ? and folded = ? order by policy", word(e.kind), folded(e.name)));
}

bool Identity::erase_inline(Transaction& tx, const Entity& e, std::string_view policy) {
    return tx.db().run("delete from identity_inline where kind = ? and folded = ? and policy = ?", word(e.kind), folded(e.name), policy) > 0;
}

void Identity::attach(Transaction& tx, const Entity& e, const std::string& arn) {
    tx.db().run("insert or ignore into identity_attachment (kind, folded, arn) values (?, ?, ?)", word(e.kind), folded(e.name), arn);
}

bool Identity::detach(Transaction& tx, const Entity& e, std::string_view arn) {
    return tx.db().run("delete from identity_attachment where kind = ? and folded = ? and arn = ?", word(e.kind), folded(e.name), arn) > 0;
}

std::vector<std::string> Identity::attached(Database& db, const Entity& e) {
    return texts(db.query("select arn from identity_attachment where kind = ? and folded = ? order by arn", word(e.kind), folded(e.name)));
}

std::vector<std::string> Identity::entities_with(Database& db, Kind kind, std::string_view arn) {
    return texts(db.query("select e.name from identity_attachment a join identity_entity e on e.kind = a.kind and e.folded = a.folded "
                          "where a.kind = ? and a.arn = ? order by a.folded",
                          word(kind), arn));
}

void Identity::add_member(Transaction& tx, const Entity& whole, const Entity& member) {
    tx.db().run("insert or ignore into identity_member (kind, folded, member) values (?, ?, ?)", word(whole.kind), folded(whole.name), folded(member.name));
}

bool Identity::remove_member(Transaction& tx, const Entity& whole, const Entity& member) {
    return tx.db().run("delete from identity_member where kind = ? and folded = ? and member = ?", word(whole.kind), folded(whole.name), folded(member.name)) > 0;
}

std::vector<Entity> Identity::members(Database& db, const Entity& whole, Kind kind) {
    std::vector<Entity> found;
    auto q = db.query("select e.name, e.id, e.path, e.created, e.document, e.description, e.max_session, e.boundary, e.tags from identity_member m "
                      "join identity_entity e on e.kind = ? and e.folded = m.member where m.kind = ? and m.folded = ? order by m.member",
                      word(kind), word(whole.kind), folded(whole.name));
    while (q.next()) found.push_back(read_entity(kind, q));
    return found;
}

std::vector<Entity> Identity::wholes(Database& db, Kind kind, const Entity& member) {
    std::vector<Entity> found;
    auto q = db.query("select e.name, e.id, e.path, e.created, e.document, e.description, e.max_session, e.boundary, e.tags from identity_member m "
                      "join identity_entity e on e.kind = m.kind and e.folded = m.folded where m.kind = ? and m.member = ? order by m.folded",
                      word(kind), folded(member.name));
    while (q.next()) found.push_back(read_entity(kind, q));
    return found;
}

}  // namespace virga::identity
