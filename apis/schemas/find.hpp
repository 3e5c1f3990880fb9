// Finding what a request names, and lists in pages.
#pragma once
#include <string>
#include <string_view>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/schema/schema_store.hpp"

namespace virga::schemas {

schema::Registry require_registry(Database& db, const schema::Schemas& store, std::string_view name);
// Throws for registries that AWS fills.
void check_writable(std::string_view registry);
// Input's RegistryName and SchemaName.
schema::Schema require_schema(Context& ctx, Database& db, const schema::Schemas& store, const Value& input);
// Input's SchemaVersion, the newest without one.
schema::Version require_version(Database& db, const schema::Schemas& store, const schema::Schema& schema, const Value& input);
schema::Discoverer require_discoverer(Context& ctx, Database& db, const schema::Schemas& store, const Value& input);

// The tags of a request, and those of a request on top of others; both throw when the resource cannot have them.
schema::Tags tags_of(const Value& input);
void add_tags(schema::Tags& tags, const Value& input);
Value tags_value(const schema::Tags& tags);

// The elements after input.NextToken, at most input.Limit, each shown as `show(element)`, under `member`; `key(element)` is what they are sorted by.
template <class T, class Key, class Show>
Value page(const std::vector<T>& all, const Value& input, const char* member, Key key, Show show);

std::string decode_token(const Value& input);
std::size_t page_limit(const Value& input);

template <class T, class Key, class Show>
Value page(const std::vector<T>& all, const Value& input, const char* member, Key key, Show show) {
    Value answer = Object();
    Array out;
    std::string after = decode_token(input), last;
    std::size_t limit = page_limit(input);
    for (const auto& element : all) {
        std::string k = key(element);
        if (!after.empty() && k <= after) continue;
        if (out.size() == limit) {
            answer["NextToken"] = page_token(last);
            break;
        }
        out.push_back(show(element));
        last = std::move(k);
    }
    answer[member] = std::move(out);
    return answer;
}

}  // namespace virga::schemas
