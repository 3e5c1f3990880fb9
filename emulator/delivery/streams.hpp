// Delivery streams: what they are and where they deliver to.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/base/value.hpp"
#include "emulator/world/world.hpp"

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
    TimeMs ready_at = 0;               // CREATING until then
    TimeMs settled_at = 0;             // its encryption is ENABLING or DISABLING until then
    TimeMs gone_at = 0;                // DELETING until then; 0: not

    std::string version_id() const { return std::to_string(version); }
    bool encrypted(TimeMs now) const { return encryption_status(now) == "ENABLED" || encryption_status(now) == "DISABLING"; }
    std::string_view status(TimeMs now) const { return gone_at ? "DELETING" : now < ready_at ? "CREATING" : "ACTIVE"; }
    std::string_view encryption_status(TimeMs now) const {
        bool on = encryption.text("Status") == "ENABLED";
        if (now < settled_at) return on ? "ENABLING" : "DISABLING";
        return on ? "ENABLED" : "DISABLED";
    }
};

// How long changes of state take, in ms: 0 unless the world's pace is realistic (world/pace.hpp). Set on streams by who changes them.
struct Delays {
    TimeMs create = 0, remove = 0, encryption = 0;
};
Delays delays(World& world);

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
    // It is there, and not being deleted.
    bool takes_records(Database& db, std::int64_t id);
    // As get; throws stream_in_use unless it is ACTIVE.
    DeliveryStream get_active(Database& db, std::string_view name, TimeMs now);
    // Deletes it, or begins to. What waits in it is gone at once. `trace`: of who asks for it.
    void begin_removal(Transaction& tx, DeliveryStream& stream, const TraceContext& trace, TimeMs now);
    // With all that waits in it.
    void remove(Transaction& tx, const DeliveryStream& stream);
    // In the order of their names. Empty type: all.
    std::vector<std::string> names(Database& db, std::string_view type, std::string_view after, std::int64_t limit);
    // Those that are not being deleted.
    std::vector<DeliveryStream> of_type(Database& db, std::string_view type);

    // How far a shard of a Kinesis source is read: "horizon", "after:<sequence number>", "time:<ms>", "done".
    std::vector<std::pair<std::string, std::string>> checkpoints(Database& db, std::int64_t stream);
    void put_checkpoint(Transaction& tx, std::int64_t stream, std::string_view shard, std::string_view position);

    std::string arn(std::string_view name) const { return partition_.arn("firehose", "deliverystream/" + std::string(name)); }

private:
    void discard(Transaction& tx, const DeliveryStream& stream);
    std::int64_t count(Database& db);
    Partition& partition_;
};

inline constexpr const char* remove_job = "firehose.remove";
// Handler of the job: deletes the stream of its payload when its time has come.
Task<JobOutcome> remove_deleted(std::shared_ptr<Partition> partition, Job job);

}  // namespace virga::delivery
