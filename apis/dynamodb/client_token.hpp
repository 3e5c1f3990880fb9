// ClientRequestToken of transactions: a request made again within ten minutes is not done again.
#pragma once
#include <string>

#include "emulator/world/partition.hpp"

namespace virga::dynamodb {

// True when the request with this digest was already done under this token. Throws when another request was.
bool replayed(Database& db, const std::string& token, const std::string& digest, TimeMs now);
// Remembers it, in the transaction that does it.
void remember_token(Database& db, const std::string& token, const std::string& digest, TimeMs now);

}  // namespace virga::dynamodb
