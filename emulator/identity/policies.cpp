// Managed policies and their versions, access keys, sessions: the second half of Identity.
#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/identity/identity.hpp"

namespace virga::identity {

namespace {

ManagedPolicy read_policy(const Query& q) {
    ManagedPolicy p;
    p.arn = q.string(0);
    p.name = q.string(1);
    p.id = q.string(2);
    p.path = q.string(3);
    p.description = q.string(4);
    p.created = q.integer(5);
    p.updated = q.integer(6);
    p.default_version = q.integer(7);
    p.next_version = q.integer(8);
    p.tags = json::parse(q.text(9)).as_object();
    return p;
}

AccessKey read_key(const Query& q) { return {q.string(0), q.string(1), q.string(2), q.string(3), q.integer(4)}; }

std::string write_policies(const SessionPolicies& policies) {
    if (policies.empty()) return {};
    Array arns(policies.arns.begin(), policies.arns.end());
    return json::write(Object{{"Policy", policies.document}, {"PolicyArns", std::move(arns)}});
}

SessionPolicies read_policies(std::string_view text) {
    SessionPolicies policies;
    if (text.empty()) return policies;
    Value stored = json::parse(text);
    policies.document = stored.text("Policy");
    for (const Value& arn : stored.list("PolicyArns")) policies.arns.push_back(arn.as_string());
    return policies;
}

}  // namespace

std::optional<ManagedPolicy> Identity::find_policy(Database& db, std::string_view arn) {
    auto q = db.query("select arn, name, id, path, description, created, updated, default_version, next_version, tags from identity_policy where arn = ?", arn);
    if (!q.next()) return std::nullopt;
    return read_policy(q);
}

void Identity::insert_policy(Transaction& tx, const ManagedPolicy& p, const std::string& document) {
    int added = tx.db().run("insert or ignore into identity_policy (arn, name, folded, id, path, description, created, updated, default_version, next_version, tags) "
                            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            p.arn, p.name, to_lower(p.name), p.id, p.path, p.description, p.created, p.updated, p.default_version, p.next_version,
                            json::write(p.tags));
    if (added == 0) throw policy_exists(p.name);
    insert_version(tx, p.arn, {p.default_version, document, p.created});
}

void Identity::update_policy(Transaction& tx, const ManagedPolicy& p) {
    tx.db().run("update identity_policy set updated = ?, default_version = ?, next_version = ?, tags = ? where arn = ?", p.updated, p.default_version,
                p.next_version, json::write(p.tags), p.arn);
}

void Identity::erase_policy(Transaction& tx, const ManagedPolicy& p) {
    tx.db().run("delete from identity_policy_version where arn = ?", p.arn);
    tx.db().run("delete from identity_policy where arn = ?", p.arn);
}

std::vector<ManagedPolicy> Identity::list_policies(Database& db) {
    std::vector<ManagedPolicy> found;
    auto q = db.query("select arn, name, id, path, description, created, updated, default_version, next_version, tags from identity_policy order by folded");
    while (q.next()) found.push_back(read_policy(q));
    return found;
}

std::int64_t Identity::attachments(Database& db, std::string_view arn) {
    auto q = db.query("select count(*) from identity_attachment where arn = ?", arn);
    return q.next() ? q.integer(0) : 0;
}

std::vector<PolicyVersion> Identity::versions(Database& db, std::string_view arn) {
    std::vector<PolicyVersion> found;
    auto q = db.query("select version, document, created from identity_policy_version where arn = ? order by version desc", arn);
    while (q.next()) found.push_back({q.integer(0), q.string(1), q.integer(2)});
    return found;
}

void Identity::insert_version(Transaction& tx, std::string_view arn, const PolicyVersion& v) {
    tx.db().run("insert into identity_policy_version (arn, version, document, created) values (?, ?, ?, ?)", arn, v.version, v.document, v.created);
}

void Identity::erase_version(Transaction& tx, std::string_view arn, std::int64_t version) {
    tx.db().run("delete from identity_policy_version where arn = ? and version = ?", arn, version);
}

void Identity::insert_key(Transaction& tx, const AccessKey& k) {
    tx.db().run("insert into identity_access_key (id, user, secret, status, created) values (?, ?, ?, ?, ?)", k.id, to_lower(k.user), k.secret, k.status, k.created);
}

std::optional<AccessKey> Identity::find_key(Database& db, std::string_view id) {
    auto q = db.query("select id, user, secret, status, created from identity_access_key where id = ?", id);
    if (!q.next()) return std::nullopt;
    return read_key(q);
}

std::vector<AccessKey> Identity::keys(Database& db, const Entity& user) {
    std::vector<AccessKey> found;
    auto q = db.query("select id, user, secret, status, created from identity_access_key where user = ? order by created, id", to_lower(user.name));
    while (q.next()) found.push_back(read_key(q));
    return found;
}

void Identity::set_key_status(Transaction& tx, std::string_view id, std::string_view status) {
    tx.db().run("update identity_access_key set status = ? where id = ?", status, id);
}

void Identity::erase_key(Transaction& tx, std::string_view id) { tx.db().run("delete from identity_access_key where id = ?", id); }

std::optional<Entity> Identity::key_user(Database& db, const AccessKey& key) {
    std::string name;
    {
        auto q = db.query("select name from identity_entity where kind = 'user' and folded = ?", key.user);
        if (!q.next()) return std::nullopt;
        name = q.string(0);
    }
    return find(db, Kind::user, name);
}

void Identity::insert_session(Transaction& tx, const Session& s) {
    tx.db().run("insert or replace into identity_session (access_key, secret, token, arn, user_id, created, policies, issuer) values (?, ?, ?, ?, ?, ?, ?, ?)",
                s.access_key, s.secret, s.token, s.arn, s.user_id, s.created, write_policies(s.policies), s.issuer);
}

std::optional<Session> Identity::find_session(Database& db, std::string_view access_key) {
    auto q = db.query("select access_key, secret, token, arn, user_id, created, policies, issuer from identity_session where access_key = ?", access_key);
    if (!q.next()) return std::nullopt;
    return Session{q.string(0), q.string(1), q.string(2), q.string(3), q.string(4), q.integer(5), read_policies(q.text(6)), q.string(7)};
}

}  // namespace virga::identity
