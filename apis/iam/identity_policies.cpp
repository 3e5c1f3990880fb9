#include "apis/dispatch/identity_policies.hpp"

#include "apis/iam/managed_policies.hpp"
#include "apis/iam/operations.hpp"
#include "emulator/base/json.hpp"

namespace virga::iam {

namespace {

using identity::Identity;

// "arn:aws:iam::<account>:user/path/name" and "arn:aws:sts::<account>:assumed-role/name/session" name an entity of the account.
std::optional<std::pair<Kind, std::string>> named_by(std::string_view arn) {
    constexpr std::string_view session = ":assumed-role/", user = ":user/";
    if (std::size_t at = arn.find(session); at != std::string_view::npos) {
        std::string_view rest = arn.substr(at + session.size());
        return std::pair(Kind::role, std::string(rest.substr(0, rest.find('/'))));
    }
    if (arn.find(user) != std::string_view::npos) return std::pair(Kind::user, std::string(arn.substr(arn.rfind('/') + 1)));
    return std::nullopt;
}

// The text of a managed policy that is in force; nothing for one of AWS's whose text is not known.
std::optional<Value> document_of(Identity& identity, Database& db, std::string_view arn) {
    std::optional<std::string> text;
    if (is_aws_managed(arn)) {
        text = aws_managed_document(arn);
    } else if (auto policy = identity.find_policy(db, arn)) {
        for (const auto& version : identity.versions(db, arn))
            if (version.version == policy->default_version) text = version.document;
    }
    if (!text) return std::nullopt;
    return json::parse(*text);
}

void add_documents(Identity& identity, Database& db, const Entity& entity, std::vector<Value>& documents) {
    for (const std::string& name : identity.inline_policies(db, entity))
        if (auto text = identity.inline_policy(db, entity, name)) documents.push_back(json::parse(*text));
    for (const std::string& arn : identity.attached(db, entity))
        if (auto document = document_of(identity, db, arn)) documents.push_back(std::move(*document));
}

}  // namespace

std::optional<IdentityPolicies> identity_policies(World& world, const Principal& principal) {
    auto named = named_by(principal.arn);
    if (!named) return std::nullopt;
    auto partition = identity::global_partition(world, principal.account);
    auto& identity = partition->part<Identity>();
    Reading reading = partition->read();
    Database& db = reading.db();
    auto entity = identity.find(db, named->first, named->second);
    if (!entity) return std::nullopt;
    IdentityPolicies found;
    found.arn = identity.arn(*entity);
    add_documents(identity, db, *entity, found.documents);
    if (entity->kind == Kind::user)
        for (const Entity& group : identity.wholes(db, Kind::group, *entity)) add_documents(identity, db, group, found.documents);
    if (!entity->boundary.empty()) found.boundary = document_of(identity, db, entity->boundary).value_or(Object());
    return found;
}

}  // namespace virga::iam
