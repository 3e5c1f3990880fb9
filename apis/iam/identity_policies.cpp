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

// What an entity may do; nothing when IAM does not have it.
std::optional<IdentityPolicies> policies_of(Identity& identity, Database& db, std::string_view arn) {
    auto named = named_by(arn);
    if (!named) return std::nullopt;
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

// Of a caller that has no policies: all that its account may.
IdentityPolicies policies_of_account(const Principal& principal) {
    IdentityPolicies all;
    all.arn = principal.arn;
    if (auto named = named_by(principal.arn); named && named->first == Kind::role) all.arn = "arn:aws:iam::" + principal.account + ":role/" + named->second;
    all.documents.push_back(Object{{"Statement", Object{{"Effect", "Allow"}, {"Action", "*"}, {"Resource", "*"}}}});
    return all;
}

std::vector<Value> session_documents(Identity& identity, Database& db, const identity::SessionPolicies& policies) {
    std::vector<Value> documents;
    if (!policies.document.empty()) documents.push_back(json::parse(policies.document));
    for (const std::string& arn : policies.arns)
        if (auto document = document_of(identity, db, arn)) documents.push_back(std::move(*document));
    return documents;
}

}  // namespace

std::optional<IdentityPolicies> identity_policies(World& world, const Principal& principal) {
    const bool in_session = principal.access_key.starts_with("ASIA");
    if (!in_session && !named_by(principal.arn)) return std::nullopt;
    auto partition = identity::global_partition(world, principal.account);
    auto& identity = partition->part<Identity>();
    Reading reading = partition->read();
    Database& db = reading.db();
    auto session = in_session ? identity.find_session(db, principal.access_key) : std::nullopt;
    const bool federated = session && !session->issuer.empty();
    auto found = policies_of(identity, db, federated ? session->issuer : principal.arn);
    if (!session || (session->policies.empty() && !federated)) return found;
    if (!found) found = policies_of_account(principal);
    if (federated) found->arn = principal.arn;
    found->session = session_documents(identity, db, session->policies);
    return found;
}

}  // namespace virga::iam
