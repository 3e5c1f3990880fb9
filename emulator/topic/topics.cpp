#include "emulator/topic/topics.hpp"

#include <fmt/format.h>

#include "emulator/base/json.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"
#include "emulator/topic/schema.hpp"

namespace virga::topic {

namespace {

// The columns from `at` on: id, topic, arn, protocol, endpoint, owner, attributes, state, token, authenticated.
Subscription read_subscription(const Query& q, int at = 0) {
    Subscription s;
    s.id = q.integer(at);
    s.topic = q.integer(at + 1);
    s.arn = q.text(at + 2);
    s.protocol = q.text(at + 3);
    s.endpoint = q.text(at + 4);
    s.owner = q.text(at + 5);
    s.attributes = json::parse(q.text(at + 6)).as_object();
    s.state = static_cast<SubscriptionState>(q.integer(at + 7));
    s.token = q.text(at + 8);
    s.authenticated = q.integer(at + 9) != 0;
    return s;
}

std::optional<Subscription> one(Query q) {
    if (!q.next()) return std::nullopt;
    return read_subscription(q);
}

}  // namespace

std::string Topic::attribute(std::string_view attribute_name, std::string_view otherwise) const {
    const Value* value = attributes.find(attribute_name);
    return value ? value->as_string() : std::string(otherwise);
}

std::string_view Subscription::attribute(std::string_view name) const {
    const Value* value = attributes.find(name);
    return value ? std::string_view(value->as_string()) : std::string_view();
}

Topics::Topics(Partition& partition, Database& db) : partition_(partition) { db.migrate("topic", schema()); }

std::optional<Topic> Topics::find(Database& db, std::string_view name) {
    auto q = db.query("select id, attributes, tags, data_protection, unsubscribed from topic where name = ?", name);
    if (!q.next()) return std::nullopt;
    Topic topic;
    topic.id = q.integer(0);
    topic.name = name;
    topic.arn = arn(name);
    topic.attributes = json::parse(q.text(1)).as_object();
    topic.tags = json::parse(q.text(2)).as_object();
    topic.data_protection = q.text(3);
    topic.unsubscribed = q.integer(4);
    return topic;
}

Topic Topics::get(Database& db, std::string_view name) {
    auto topic = find(db, name);
    if (!topic) throw no_such_topic();
    return std::move(*topic);
}

Topic Topics::insert(Transaction& tx, const std::string& name, const Object& attributes, const Object& tags, std::string_view data_protection) {
    tx.db().run("insert into topic (name, attributes, tags, data_protection) values (?, ?, ?, ?)", name, json::write(attributes),
                json::write(tags), data_protection);
    return get(tx.db(), name);
}

void Topics::update(Transaction& tx, const Topic& topic) {
    tx.db().run("update topic set attributes = ?, tags = ?, data_protection = ? where id = ?", json::write(topic.attributes),
                json::write(topic.tags),
                topic.data_protection, topic.id);
}

void Topics::remove(Transaction& tx, std::string_view name) {
    auto topic = find(tx.db(), name);
    if (!topic) return;
    tx.db().run("delete from topic_subscription where topic = ?", topic->id);
    tx.db().run("delete from topic_deduplication where topic = ?", topic->id);
    tx.db().run("delete from topic where id = ?", topic->id);
}

std::vector<std::string> Topics::names(Database& db, std::string_view after, std::size_t limit) {
    std::vector<std::string> out;
    auto q = db.query("select name from topic where name > ? order by name limit ?", after, limit);
    while (q.next()) out.push_back(q.string(0));
    return out;
}

std::optional<Subscription> Topics::find_subscription(Database& db, std::string_view arn) {
    return one(db.query("select * from topic_subscription where arn = ?", arn));
}

Subscription Topics::get_subscription(Database& db, std::string_view arn) {
    auto found = find_subscription(db, arn);
    if (!found || found->state == SubscriptionState::left) throw no_such_subscription();
    return std::move(*found);
}

std::optional<Subscription> Topics::find_subscription(Database& db, const Topic& topic, std::string_view protocol, std::string_view endpoint) {
    return one(db.query("select * from topic_subscription where topic = ? and protocol = ? and endpoint = ?", topic.id, protocol, endpoint));
}

std::optional<Subscription> Topics::find_token(Database& db, const Topic& topic, std::string_view token) {
    return one(db.query("select * from topic_subscription where topic = ? and token = ? and token <> ''", topic.id, token));
}

void Topics::insert(Transaction& tx, const Subscription& s) {
    tx.db().run("insert into topic_subscription (topic, arn, protocol, endpoint, owner, attributes, state, token, authenticated) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                s.topic, s.arn, s.protocol, s.endpoint, s.owner, json::write(s.attributes), static_cast<int>(s.state), s.token, s.authenticated);
}

void Topics::update(Transaction& tx, const Subscription& s) {
    tx.db().run("update topic_subscription set attributes = ?, state = ?, token = ?, authenticated = ? where id = ?", json::write(s.attributes),
                static_cast<int>(s.state), s.token, s.authenticated, s.id);
}

void Topics::remove(Transaction& tx, const Subscription& s) {
    tx.db().run("delete from topic_subscription where id = ?", s.id);
    if (s.state == SubscriptionState::confirmed) tx.db().run("update topic set unsubscribed = unsubscribed + 1 where id = ?", s.topic);
}

std::vector<Subscription> Topics::confirmed(Database& db, const Topic& topic) {
    std::vector<Subscription> out;
    auto q = db.query("select * from topic_subscription where topic = ? and state = ? order by id", topic.id,
                      static_cast<int>(SubscriptionState::confirmed));
    while (q.next()) out.push_back(read_subscription(q));
    return out;
}

std::vector<std::pair<std::string, Subscription>> Topics::subscriptions(Database& db, std::int64_t after, std::size_t limit, const Topic* of) {
    std::vector<std::pair<std::string, Subscription>> out;
    auto q = db.query("select t.name, s.* from topic_subscription s join topic t on t.id = s.topic where s.id > ? and s.state <> ? and (? = 0 or s.topic = ?) "
                      "order by s.id limit ?",
                      after, static_cast<int>(SubscriptionState::left), of ? of->id : 0, of ? of->id : 0, limit);
    while (q.next()) out.emplace_back(q.string(0), read_subscription(q, 1));
    return out;
}

SubscriptionCounts Topics::counts(Database& db, const Topic& topic) {
    auto q = db.query("select count(*) filter (where state = 1), count(*) filter (where state = 0) from topic_subscription where topic = ?",
                      topic.id);
    q.next();
    return {q.integer(0), q.integer(1)};
}

std::size_t Topics::filters(Database& db, const Topic& topic) {
    auto q = db.query("select count(*) from topic_subscription where topic = ? and json_extract(attributes, '$.FilterPolicy') is not null",
                      topic.id);
    q.next();
    return static_cast<std::size_t>(q.integer(0));
}

std::string Topics::next_sequence(Transaction& tx, const Topic& topic) {
    auto q = tx.db().query("update topic set published = published + 1 where id = ? returning published", topic.id);
    q.next();
    std::string sequence = fmt::format("1{:019}", q.integer(0));
    while (q.next()) {
    }
    return sequence;
}

std::optional<Accepted> Topics::accepted(Database& db, const Topic& topic, std::string_view key, TimeMs now) {
    auto q = db.query("select message_id, sequence from topic_deduplication where topic = ? and key = ? and until > ?", topic.id, key, now);
    if (!q.next()) return std::nullopt;
    return Accepted{q.string(0), q.string(1)};
}

void Topics::accept(Transaction& tx, const Topic& topic, std::string_view key, const Accepted& message, TimeMs now) {
    tx.db().run("delete from topic_deduplication where topic = ? and until <= ?", topic.id, now);
    tx.db().run("insert or replace into topic_deduplication (topic, key, until, message_id, sequence) values (?, ?, ?, ?, ?)", topic.id, key,
                now + limits::deduplication_ms, message.message_id, message.sequence);
}

}  // namespace virga::topic
