// What phones, devices and mailboxes would have got: recorded, for tests to read. And the documents that SNS keeps about them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/world/partition.hpp"

namespace virga::topic {

// Kinds of what was sent.
namespace sent_kind {
inline constexpr const char* sms = "sms";
inline constexpr const char* push = "push";
inline constexpr const char* email = "email";
}  // namespace sent_kind
// Of a subscription's protocol.
const char* kind_of(std::string_view protocol);

// Kinds of documents.
namespace document_kind {
inline constexpr const char* application = "application";  // by ARN
inline constexpr const char* endpoint = "endpoint";        // by ARN
inline constexpr const char* sms_settings = "sms";         // one, by ""
inline constexpr const char* opted_out = "opted-out";      // by number
inline constexpr const char* sandbox = "sandbox";          // by number
}  // namespace document_kind

// Everything runs under the partition's lock.
class Sent : public Part {
public:
    Sent(Partition& partition, Database& db);

    void add(Transaction& tx, const char* kind, std::string_view target, Object document);
    // (target, document), oldest first; to one target, or to all.
    std::vector<std::pair<std::string, Value>> list(Database& db, const char* kind, std::string_view target = {});
    void clear(Transaction& tx, const char* kind, std::string_view target = {});

    Value find(Database& db, const char* kind, std::string_view name);  // null when there is none
    void save(Transaction& tx, const char* kind, std::string_view name, const Value& document);
    bool remove(Transaction& tx, const char* kind, std::string_view name);
    // Names that begin with `prefix` and come after `after`, at most `limit`, each with its document.
    std::vector<std::pair<std::string, Value>> documents(Database& db, const char* kind, std::string_view prefix, std::string_view after,
                                                         std::size_t limit);
};

}  // namespace virga::topic
