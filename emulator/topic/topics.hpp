// The topics of one partition and their subscriptions.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::topic {

struct Topic {
    std::int64_t id = 0;
    std::string name, arn;
    Object attributes;  // those that were set
    Object tags;
    std::string data_protection;
    std::int64_t unsubscribed = 0;

    bool fifo() const { return name.ends_with(".fifo"); }
    // The attribute, or what it is without having been set.
    std::string attribute(std::string_view attribute_name, std::string_view otherwise = {}) const;
};

// `left`: an HTTP endpoint that was unsubscribed can undo that with the token it was sent.
enum class SubscriptionState { pending = 0, confirmed = 1, left = 2 };

struct Subscription {
    std::int64_t id = 0, topic = 0;
    std::string arn, protocol, endpoint, owner;
    Object attributes;
    SubscriptionState state = SubscriptionState::confirmed;
    std::string token;
    bool authenticated = false;

    std::string_view attribute(std::string_view name) const;
};

struct SubscriptionCounts {
    std::int64_t confirmed = 0, pending = 0;
};

// What a FIFO topic remembers of a message for five minutes.
struct Accepted {
    std::string message_id, sequence;
};

// Everything that takes a Database or a Transaction runs under the partition's lock.
class Topics : public Part {
public:
    Topics(Partition& partition, Database& db);

    std::optional<Topic> find(Database& db, std::string_view name);
    Topic get(Database& db, std::string_view name);  // throws no_such_topic
    Topic insert(Transaction& tx, const std::string& name, const Object& attributes, const Object& tags, std::string_view data_protection);
    // Writes attributes, tags and data protection policy as they are in `topic`.
    void update(Transaction& tx, const Topic& topic);
    // With its subscriptions. Nothing happens when there is none.
    void remove(Transaction& tx, std::string_view name);
    // Names after `after`, at most `limit`.
    std::vector<std::string> names(Database& db, std::string_view after, std::size_t limit);

    std::optional<Subscription> find_subscription(Database& db, std::string_view arn);
    Subscription get_subscription(Database& db, std::string_view arn);  // throws no_such_subscription
    std::optional<Subscription> find_subscription(Database& db, const Topic& topic, std::string_view protocol, std::string_view endpoint);
    std::optional<Subscription> find_token(Database& db, const Topic& topic, std::string_view token);
    void insert(Transaction& tx, const Subscription& subscription);
    void update(Transaction& tx, const Subscription& subscription);
    void remove(Transaction& tx, const Subscription& subscription);
    // The confirmed ones, in the order they were made.
    std::vector<Subscription> confirmed(Database& db, const Topic& topic);
    // With the topic's name; after the one with the number `after`, at most `limit`. Of all topics, or of one.
    std::vector<std::pair<std::string, Subscription>> subscriptions(Database& db, std::int64_t after, std::size_t limit, const Topic* of = nullptr);
    SubscriptionCounts counts(Database& db, const Topic& topic);
    // How many subscriptions of the topic have a filter policy.
    std::size_t filters(Database& db, const Topic& topic);

    // The next sequence number of a FIFO topic: 20 digits.
    std::string next_sequence(Transaction& tx, const Topic& topic);
    // What was accepted under `key` within the deduplication interval.
    std::optional<Accepted> accepted(Database& db, const Topic& topic, std::string_view key, TimeMs now);
    void accept(Transaction& tx, const Topic& topic, std::string_view key, const Accepted& message, TimeMs now);

    std::string arn(std::string_view name) const { return partition_.arn("sns", name); }

private:
    Partition& partition_;
};

}  // namespace virga::topic
