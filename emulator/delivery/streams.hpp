// Delivery streams: what they are and where they deliver to.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga::delivery {

struct DeliveryStream {
    std::int64_t id = 0;
    std::string name;
    std::string type;                  // "DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"
    TimeMs created = 0;
    std::optional<TimeMs> updated;
    std::int64_t version = 1;
    Value source = Object();           // by the members of the request, and "DeliveryStartTimestamp" in ms
    std::string kind;                  // "ExtendedS3", "HttpEndpoint", "Redshift", ..
    Value destination = Object();      // the configuration, with its defaults
    Value encryption = Object();       // {Status, KeyType, KeyARN}; empty: never asked for
    Object tags;

    std::string version_id() const { return std::to_string(version); }
    bool encrypted() const { return encryption.text("Status") == "ENABLED"; }
};

// The streams of one partition. All methods run under its lock.
class DeliveryStreams : public Part {
public:
    DeliveryStreams(Partition& partition, Database& db);

    std::optional<DeliveryStream> find(Database& db, std::string_view name);
    std::optional<DeliveryStream> find(Database& db, std::int64_t id);
    DeliveryStream get(Database& db, std::string_view name);  // throws stream_not_found
    // Throws stream_exists and stream_quota. Sets the id.
    void create(Transaction& tx, DeliveryStream& stream);
    void store(Transaction& tx, const DeliveryStream& stream);
    // With all that waits in it.
    void remove(Transaction& tx, const DeliveryStream& stream);
    std::int64_t count(Database& db);
    // In the order of their names. Empty type: all.
    std::vector<std::string> names(Database& db, std::string_view type, std::string_view after, std::int64_t limit);
    std::vector<DeliveryStream> of_type(Database& db, std::string_view type);

    // How far a shard of a Kinesis source is read: "horizon", "after:<sequence number>", "time:<ms>", "done".
    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db, std::int64_t stream);
    void put_checkpoint(Transaction& tx, std::int64_t stream, std::string_view shard, std::string_view position);

    std::string arn(std::string_view name) const { return partition_.arn("firehose", "deliverystream/" + std::string(name)); }

private:
    Partition& partition_;
};

}  // namespace virga::delivery
