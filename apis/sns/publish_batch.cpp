#include <algorithm>
#include <cctype>
#include <set>

#include "apis/sns/operations.hpp"
#include "apis/sns/filter_policy.hpp"
#include "apis/sns/publishing.hpp"
#include "apis/sns/target.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace limits = topic::limits;

namespace {

void check_entries(const Array& entries) {
    if (entries.empty()) throw topic::empty_batch();
    if (entries.size() > limits::batch_entries) throw topic::too_many_entries();
    std::set<std::string_view> ids;
    std::size_t bytes = 0;
    for (const auto& entry : entries) {
        auto id = entry.text("Id");
        auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
        if (id.empty() || id.size() > 80 || !std::all_of(id.begin(), id.end(), allowed)) throw topic::bad_entry_id();
        if (!ids.insert(id).second) throw topic::ids_not_distinct();
        bytes += size_of(entry);
    }
    if (bytes > limits::message_bytes) throw topic::batch_too_long();
}

}  // namespace

// What is wrong with one entry is that entry's failure.
Value publish_batch(Context& ctx, const Value& input) {
    // 1. Validate.
    const Array& entries = input.list("PublishBatchRequestEntries");
    auto to = target(ctx, input.text("TopicArn"));
    check_entries(entries);
    to.partition->part<Filters>();

    // 2. Publish each.
    auto tx = to.partition->write();
    const topic::Topic topic = to.topics.get(tx.db(), to.name);
    Array successful, failed;
    for (const auto& entry : entries) {
        try {
            Value published = publish_to_topic(ctx, tx, topic, read_publication(ctx, entry));
            published["Id"] = entry["Id"];
            successful.push_back(std::move(published));
        } catch (const ApiError& error) {
            failed.push_back(Object{{"Id", entry["Id"]}, {"Code", error.code}, {"Message", error.message}, {"SenderFault", true}});
        }
    }
    tx.commit();
    return Object{{"Successful", std::move(successful)}, {"Failed", std::move(failed)}};
}

}  // namespace virga::sns
