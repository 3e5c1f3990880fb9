#include "apis/dynamodb/client_token.hpp"

#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

bool replayed(Database& db, const std::string& token, const std::string& digest, TimeMs now) {
    db.run("DELETE FROM ddb_token WHERE expires<=?", now);
    Query q = db.query("SELECT digest FROM ddb_token WHERE token=?", token);
    if (!q.next()) return false;
    if (q.blob(0) != digest) throw table::errors::token_mismatch();
    return true;
}

void remember_token(Database& db, const std::string& token, const std::string& digest, TimeMs now) {
    db.run("INSERT INTO ddb_token(token, digest, expires) VALUES(?,?,?)", token, Blob{digest}, now + table::limits::token_ms);
}

}  // namespace virga::dynamodb
