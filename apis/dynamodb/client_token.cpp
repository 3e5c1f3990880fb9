#include "apis/dynamodb/client_token.hpp"

#include <algorithm>
#include <vector>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/table/errors.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

namespace {

bool is_set(std::string_view type) { return type == "SS" || type == "NS" || type == "BS"; }

// Members of maps and of sets come in one order, whatever the client's was.
void append_in_order(std::string& out, const Value& v, bool set = false) {
    if (v.is_object()) {
        std::vector<const Object::Member*> members;
        for (const auto& m : v.as_object()) members.push_back(&m);
        std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return a->name < b->name; });
        out += '{';
        for (auto* m : members) {
            out += m->name;
            out += '\0';
            append_in_order(out, m->value, is_set(m->name));
        }
        out += '}';
    } else if (v.is_array()) {
        std::vector<std::string> elements;
        for (const Value& e : v.as_array()) append_in_order(elements.emplace_back(), e);
        if (set) std::sort(elements.begin(), elements.end());
        out += '[';
        for (const std::string& e : elements) out += e;
        out += ']';
    } else {
        json::write_to(out, v);
    }
}

}  // namespace

std::string request_digest(const Value& request) {
    std::string text;
    append_in_order(text, request);
    return sha256(text);
}

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
