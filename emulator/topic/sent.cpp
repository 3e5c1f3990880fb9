#include "emulator/topic/sent.hpp"

#include "emulator/base/json.hpp"
#include "emulator/topic/limits.hpp"
#include "emulator/topic/schema.hpp"

namespace virga::topic {

const char* kind_of(std::string_view protocol) {
    if (protocol == "sms") return sent_kind::sms;
    return protocol == "application" ? sent_kind::push : sent_kind::email;
}

Sent::Sent(Partition&, Database& db) { db.migrate("topic", schema()); }

void Sent::add(Transaction& tx, const char* kind, std::string_view target, Object document) {
    tx.db().run("insert into topic_sent (kind, target, document) values (?, ?, ?)", kind, target, json::write(document));
    tx.db().run("delete from topic_sent where id in (select id from topic_sent where kind = ? order by id desc limit -1 offset ?)", kind,
                limits::recorded_messages);
}

std::vector<std::pair<std::string, Value>> Sent::list(Database& db, const char* kind, std::string_view target) {
    std::vector<std::pair<std::string, Value>> out;
    auto q = db.query("select target, document from topic_sent where kind = ?1 and (?2 = '' or target = ?2) order by id", kind, target);
    while (q.next()) out.emplace_back(q.string(0), json::parse(q.text(1)));
    return out;
}

void Sent::clear(Transaction& tx, const char* kind, std::string_view target) {
    tx.db().run("delete from topic_sent where kind = ?1 and (?2 = '' or target = ?2)", kind, target);
}

Value Sent::find(Database& db, const char* kind, std::string_view name) {
    auto q = db.query("select document from topic_document where kind = ? and name = ?", kind, name);
    if (!q.next()) return nullptr;
    return json::parse(q.text(0));
}

void Sent::save(Transaction& tx, const char* kind, std::string_view name, const Value& document) {
    tx.db().run("insert or replace into topic_document (kind, name, document) values (?, ?, ?)", kind, name, json::write(document));
}

bool Sent::remove(Transaction& tx, const char* kind, std::string_view name) {
    return tx.db().run("delete from topic_document where kind = ? and name = ?", kind, name) > 0;
}

std::vector<std::pair<std::string, Value>> Sent::documents(Database& db, const char* kind, std::string_view prefix, std::string_view after,
                                                           std::size_t limit) {
    std::vector<std::pair<std::string, Value>> out;
    auto q = db.query("select name, document from topic_document where kind = ?1 and name > ?2 and substr(name, 1, length(?3)) = ?3 order by name limit ?4",
                      kind, after, prefix, limit);
    while (q.next()) out.emplace_back(q.string(0), json::parse(q.text(1)));
    return out;
}

}  // namespace virga::topic
