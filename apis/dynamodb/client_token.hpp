// ClientRequestToken of transactions: a request made again within ten minutes is not done again.
#pragma once
#include <string>

#include "emulator/base/value.hpp"
#include "emulator/world/partition.hpp"

namespace virga::dynamodb {

// The same for requests that differ only in the order of maps and sets (some clients draw it anew for each attempt).
std::string request_digest(const Value& request);
// True when the request with this digest was already done under this token. Throws when another request was.
bool replayed(Database& db, const std::string& token, const std::string& digest, TimeMs now);
// Remembers it, in the transaction that does it.
void remember_token(Database& db, const std::string& token, const std::string& digest, TimeMs now);

}  // namespace virga::dynamodb
