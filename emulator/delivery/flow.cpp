#include "emulator/delivery/flow.hpp"

#include <map>

#include "emulator/delivery/limits.hpp"

namespace virga::delivery {

namespace {

// Whether the destination's backup keeps every record, not those alone that failed.
bool keeps_all(const DeliveryStream& stream) {
    auto mode = stream.destination.text("S3BackupMode");
    return mode == "Enabled" || mode == "AllData" || mode == "AllDocuments" || mode == "AllEvents";
}

bool is_s3(const DeliveryStream& stream) { return stream.kind == "ExtendedS3"; }

// Redshift loads what lies in S3; the other stores are not there, so that what they would have got ends here.
std::optional<Stage> destination_stage(const DeliveryStream& stream) {
    if (is_s3(stream) || stream.kind == "Redshift") return Stage::s3;
    if (stream.kind == "HttpEndpoint") return Stage::http;
    return std::nullopt;
}

BufferHints hints_in(const Value& configuration) {
    const Value& hints = configuration["BufferingHints"];
    return {hints.integer("SizeInMBs", limits::buffer_mib) * 1024 * 1024, hints.integer("IntervalInSeconds", limits::buffer_seconds) * 1000, 0};
}

}  // namespace

const Value& s3_configuration(const DeliveryStream& stream, Stage stage) {
    if (stage == Stage::backup && (is_s3(stream) || stream.kind == "Redshift")) return stream.destination["S3BackupConfiguration"];
    return is_s3(stream) ? stream.destination : stream.destination["S3Configuration"];
}

BufferHints hints_of(const DeliveryStream& stream, Stage stage) {
    if (stage == Stage::http) {
        BufferHints hints = hints_in(stream.destination);
        hints.records = limits::http_records;
        return hints;
    }
    if (stage == Stage::transform) {
        Processing p = read_processing(stream.destination);
        return p.lambda ? p.lambda->hints : BufferHints{limits::max_batch_bytes, 0, 0};
    }
    return hints_in(s3_configuration(stream, stage));
}

void take_in(Transaction& tx, const DeliveryStream& stream, const std::string& arn, const std::vector<Item>& items, TimeMs now) {
    if (keeps_all(stream) && s3_configuration(stream, Stage::backup).is_object())
        add_items(tx, arn, stream.id, Stage::backup, "", hints_of(stream, Stage::backup), items, now);
    if (read_processing(stream.destination).any() || stream.destination["DynamicPartitioningConfiguration"].flag("Enabled")) {
        add_items(tx, arn, stream.id, Stage::transform, "", hints_of(stream, Stage::transform), items, now);
    } else if (auto stage = destination_stage(stream)) {
        add_items(tx, arn, stream.id, *stage, "", hints_of(stream, *stage), items, now);
    }
}

void report_failures(Transaction& tx, const DeliveryStream& stream, const std::string& arn, const std::vector<Failure>& failures, TimeMs now) {
    if (!s3_configuration(stream, Stage::error).is_object()) return;
    std::map<std::string, std::vector<Item>> lines;
    for (const auto& f : failures) lines[f.type].push_back(error_line(f, now));
    for (const auto& [type, items] : lines) add_items(tx, arn, stream.id, Stage::error, type, hints_of(stream, Stage::error), items, now);
}

void pass_on(Transaction& tx, const DeliveryStream& stream, const std::string& arn, std::vector<Finished> finished, std::vector<Failure> failures, TimeMs now) {
    auto stage = destination_stage(stream);
    if (stage) {
        std::vector<std::pair<std::string, std::vector<Item>>> parts;  // in the order of their first record
        std::map<std::string, std::size_t> known;
        for (auto& f : finished) {
            auto [at, added] = known.emplace(f.part, parts.size());
            if (added) parts.push_back({f.part, {}});
            parts[at->second].second.push_back(std::move(f.item));
        }
        std::int64_t active = open_buffers(tx.db(), stream.id, *stage);
        for (auto& [part, items] : parts) {
            if (!part.empty() && !is_open(tx.db(), stream.id, *stage, part) && active++ >= limits::active_partitions) {
                for (auto& item : items)
                    failures.push_back({"metadata-extraction-failed", "DynamicPartitioning.ActivePartitionLimitExceeded",
                                        "The delivery stream has reached its limit of active partitions.", 1, std::move(item), {}});
                continue;
            }
            add_items(tx, arn, stream.id, *stage, part, hints_of(stream, *stage), items, now);
        }
    }
    report_failures(tx, stream, arn, failures, now);
}

}  // namespace virga::delivery
