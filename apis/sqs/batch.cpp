#include "apis/sqs/batch.hpp"

#include <set>

#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"
#include "emulator/queue/settings.hpp"

namespace virga::sqs {

void check_batch(const Array& entries, const char* entry_type) {
    if (entries.empty()) throw queue::empty_batch(entry_type);
    if (entries.size() > queue::limits::max_batch_entries) throw queue::too_many_batch_entries(entries.size());
    std::set<std::string_view> ids;
    for (const auto& entry : entries) {
        if (!entry.has("Id")) throw queue::missing_parameter(std::string(entry_type) + ".Id");
        auto id = entry.text("Id");
        if (!queue::is_queue_name(id)) throw queue::invalid_batch_id();  // the same characters and length
        if (!ids.insert(id).second) throw queue::batch_ids_not_distinct(id);
    }
}

void BatchResult::failed(const Value& entry, const ApiError& error) {
    failed_.push_back(Object{{"Id", entry.text("Id")}, {"SenderFault", error.status < 500}, {"Code", queue::query_code(error)}, {"Message", error.message}});
}

Value BatchResult::answer() {
    Object output;
    if (!successful_.empty()) output.append("Successful", std::move(successful_));
    if (!failed_.empty()) output.append("Failed", std::move(failed_));
    return output;
}

}  // namespace virga::sqs
