#include "apis/kms/find.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"

namespace virga::kms {

namespace {

void check_name(std::string_view name) {
    if (!name.starts_with("alias/") || name.size() == std::string_view("alias/").size()) throw errors::alias_prefix();
    if (name.starts_with("alias/aws/")) throw errors::reserved_alias();
    if (name.find(':') != std::string_view::npos) throw errors::invalid_alias_name();
}

// The key that an alias is to stand for.
Target alias_target(Context& ctx, const Value& input) {
    Value named = Object{{"KeyId", input["TargetKeyId"]}};
    return locate_own(ctx, named);
}

}  // namespace

Value create_alias(Context& ctx, const Value& input) {
    std::string_view name = input.text("AliasName");
    check_name(name);
    Target target = alias_target(ctx, input);
    auto& store = target.keys();
    auto tx = target.partition->write();
    keys::Key key = require_changeable(ctx, tx.db(), target);
    require_staying(key, target);
    if (store.find_alias(tx.db(), name)) throw errors::alias_exists(store.alias_arn(name));
    if (store.aliases(tx.db(), key.id, {}, keys::limits::aliases_per_key).size() == keys::limits::aliases_per_key) throw errors::too_many_aliases(target.arn);
    store.save_alias(tx.db(), {std::string(name), key.id, ctx.now(), ctx.now()});
    tx.commit();
    return Object();
}

Value update_alias(Context& ctx, const Value& input) {
    std::string_view name = input.text("AliasName");
    check_name(name);
    Target target = alias_target(ctx, input);
    auto& store = target.keys();
    auto tx = target.partition->write();
    auto alias = store.find_alias(tx.db(), name);
    if (!alias) throw errors::no_such_alias(store.alias_arn(name));
    keys::Key key = require_changeable(ctx, tx.db(), target);
    require_staying(key, target);
    // "The current and new KMS keys must be the same type (both symmetric or both asymmetric or both HMAC), and they must have the same key usage."
    auto before = store.find(tx.db(), alias->key);
    if (before && (before->usage != key.usage || (before->spec == "SYMMETRIC_DEFAULT") != (key.spec == "SYMMETRIC_DEFAULT"))) throw errors::alias_of_other_kind();
    alias->key = key.id;
    alias->updated = ctx.now();
    store.save_alias(tx.db(), *alias);
    tx.commit();
    return Object();
}

Value delete_alias(Context& ctx, const Value& input) {
    std::string_view name = input.text("AliasName");
    check_name(name);
    auto& store = ctx.partition->part<keys::Keys>();
    auto tx = ctx.partition->write();
    if (!store.remove_alias(tx.db(), name)) throw errors::no_such_alias(store.alias_arn(name));
    tx.commit();
    return Object();
}

Value list_aliases(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<keys::Keys>();
    std::string after = page_start(input), of_key;
    if (input.has("KeyId")) {
        Target target = locate_own(ctx, input);
        auto reading = target.partition->read();
        of_key = require_key(reading.db(), target).id;
    }
    auto reading = ctx.partition->read();
    auto found = store.aliases(reading.db(), of_key, after, page_limit(input, keys::limits::aliases_page) + 1);
    return page(found, input, keys::limits::aliases_page, "Aliases", [](const keys::Alias& alias) { return alias.name; },
                [&](const keys::Alias& alias) {
                    return Object{{"AliasName", alias.name},
                                  {"AliasArn", store.alias_arn(alias.name)},
                                  {"TargetKeyId", alias.key},
                                  {"CreationDate", Timestamp{alias.created}},
                                  {"LastUpdatedDate", Timestamp{alias.updated}}};
                });
}

}  // namespace virga::kms
