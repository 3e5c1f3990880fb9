// Grants: kept and listed; since nothing restricts the use of keys, they open nothing.
#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"
#include "emulator/base/encoding.hpp"

namespace virga::kms {

namespace {

constexpr std::size_t id_digits = 64;
constexpr std::size_t token_bytes = 150;

void check_grant_id(std::string_view id) {
    if (id.size() != id_digits || id.find_first_not_of("0123456789abcdef") != std::string_view::npos) throw errors::invalid_grant_id();
}

Value shown(const keys::Keys& store, const keys::Grant& grant) {
    Object out = grant.document;
    out.append("KeyId", store.key_arn(grant.key));
    out.append("GrantId", grant.id);
    out.append("CreationDate", Timestamp{grant.created});
    return out;
}

Value list(const keys::Keys& store, std::vector<keys::Grant> grants, const Value& input, std::initializer_list<std::string_view> filters) {
    for (std::string_view filter : filters)
        if (input.has(filter))
            std::erase_if(grants, [&](const keys::Grant& g) {
                const Value* member = g.document.find(filter);
                return !member || *member != input[filter];
            });
    return page(grants, input, keys::limits::grants_page, "Grants", [](const keys::Grant& g) { return g.id; }, [&](const keys::Grant& g) { return shown(store, g); });
}

// Grants of a key that is named by id or ARN, its own account's or another's.
Target granted_key(Context& ctx, const Value& input) { return locate(ctx, input.text("KeyId"), Forms::keys); }

void remove(Database& db, const Target& target, const Value& input) {
    std::string_view id = input.text("GrantId");
    check_grant_id(id);
    auto grant = target.keys().find_grant(db, id);
    if (!grant || grant->key != target.id) throw errors::no_such_grant(id);
    if (input.flag("DryRun")) throw errors::dry_run();
    target.keys().remove_grant(db, id);
}

}  // namespace

Value create_grant(Context& ctx, const Value& input) {
    // 1. Validate.
    if (input.has("GranteePrincipal") == input.has("GranteeServicePrincipal")) throw errors::missing("granteePrincipal");
    check_grant_tokens(input);
    Target target = granted_key(ctx, input);
    auto& store = target.keys();
    Object document;
    for (const char* member : {"Name", "GranteePrincipal", "GranteeServicePrincipal", "RetiringPrincipal", "RetiringServicePrincipal", "Operations", "Constraints"})
        if (input.has(member)) document.append(member, input[member]);
    document.append("IssuingAccount", "arn:aws:iam::" + ctx.account() + ":root");

    // 2. Look up.
    auto tx = target.partition->write();
    keys::Key key = require_key(tx.db(), target);
    require_enabled(key, target);
    auto others = store.grants(tx.db(), key.id);
    // "If you include a Name, and an identical grant exists, it answers that one": a request that is sent again makes no second.
    if (input.has("Name"))
        for (const auto& other : others)
            if (other.document == document) return Object{{"GrantId", other.id}, {"GrantToken", other.token}};
    if (others.size() >= keys::limits::grants_per_key) throw errors::too_many_grants(target.arn);
    if (input.flag("DryRun")) throw errors::dry_run();

    // 3. Act.
    keys::Grant grant{ctx.random.hex(id_digits), key.id, base64_encode(ctx.random.bytes(token_bytes)), std::move(document), ctx.now()};
    store.save_grant(tx.db(), grant);
    tx.commit();
    return Object{{"GrantId", grant.id}, {"GrantToken", grant.token}};
}

Value list_grants(Context& ctx, const Value& input) {
    Target target = granted_key(ctx, input);
    if (input.has("GrantId")) check_grant_id(input.text("GrantId"));
    auto& store = target.keys();
    auto reading = target.partition->read();
    require_key(reading.db(), target);
    auto grants = store.grants(reading.db(), target.id);
    if (input.has("GrantId")) std::erase_if(grants, [&](const keys::Grant& g) { return g.id != input.text("GrantId"); });
    return list(store, std::move(grants), input, {"GranteePrincipal", "GranteeServicePrincipal"});
}

Value list_retirable_grants(Context& ctx, const Value& input) {
    if (input.has("RetiringPrincipal") == input.has("RetiringServicePrincipal")) throw errors::missing("retiringPrincipal");
    auto& store = ctx.partition->part<keys::Keys>();
    auto reading = ctx.partition->read();
    return list(store, store.grants(reading.db(), {}), input, {"RetiringPrincipal", "RetiringServicePrincipal"});
}

Value revoke_grant(Context& ctx, const Value& input) {
    Target target = granted_key(ctx, input);
    auto tx = target.partition->write();
    require_key(tx.db(), target);
    remove(tx.db(), target, input);
    tx.commit();
    return Object();
}

// By its token, or by key and id.
Value retire_grant(Context& ctx, const Value& input) {
    if (input.has("GrantToken")) {
        auto& store = ctx.partition->part<keys::Keys>();
        auto tx = ctx.partition->write();
        auto grant = store.find_grant(tx.db(), input.text("GrantToken"));
        if (!grant) throw errors::invalid_grant_token();
        if (input.flag("DryRun")) throw errors::dry_run();
        store.remove_grant(tx.db(), grant->id);
        tx.commit();
        return Object();
    }
    if (!input.has("KeyId") || !input.has("GrantId")) throw errors::retire_by_what();
    return revoke_grant(ctx, input);
}

}  // namespace virga::kms
