#include "apis/kms/find.hpp"

#include <algorithm>

#include "apis/kms/policy.hpp"
#include "emulator/base/arn.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/keys/chance.hpp"
#include "emulator/keys/ciphertext.hpp"
#include "emulator/keys/limits.hpp"
#include "emulator/keys/material.hpp"

namespace virga::kms {

namespace {

// The services with a key of their own ("AWS managed keys" of each service's guide), as in alias/aws/<service>.
constexpr std::string_view services[] = {"acm",      "backup",   "cloudtrail", "codeartifact", "codecommit", "dms",     "dynamodb",       "ebs", "elasticfilesystem", "es",  "events",
                                         "firehose", "fsx",      "glue",       "kinesis",      "lambda",     "logs",    "mq",             "rds", "redshift",          "s3",  "scheduler",
                                         "schemas",  "secretsmanager", "sns",  "sqs",          "ssm",        "states",  "workspaces",     "xray"};

constexpr std::string_view managed_prefix = "alias/aws/";

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// A UUID or "mrk-" and 32 digits.
bool is_key_id(std::string_view id) {
    if (id.starts_with("mrk-")) return id.size() == 36 && is_hex(id.substr(4));
    if (id.size() != 36) return false;
    for (std::size_t i = 0; i < id.size(); ++i) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? id[i] != '-' : !is_hex(id.substr(i, 1))) return false;
    }
    return true;
}

bool is_account(std::string_view text) { return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos; }

Target key_in(std::shared_ptr<Partition> partition, std::string_view id) {
    Target target{std::move(partition), std::string(id), {}};
    target.arn = target.keys().key_arn(id);
    return target;
}

std::string make_managed_key(Context& ctx, Partition& partition, std::string_view alias) {
    auto& store = partition.part<keys::Keys>();
    std::string service(alias.substr(managed_prefix.size()));
    auto tx = partition.write();
    if (auto known = store.find_alias(tx.db(), alias)) return known->key;
    keys::Key key;
    key.id = ctx.random.uuid();
    key.spec = "SYMMETRIC_DEFAULT";
    key.usage = "ENCRYPT_DECRYPT";
    key.origin = "AWS_KMS";
    key.description = "Default key that protects my " + service + " data when no other key is defined";
    key.policy = managed_policy(partition.account(), partition.region(), service);
    key.aws_managed = true;
    key.created = ctx.now();
    key.rotation_days = keys::limits::default_rotation_days;
    key.next_rotation = key.created + key.rotation_days * keys::limits::day_ms;
    keys::Chance chance(chance_of(ctx));
    keys::add_current_material(store, tx, key, keys::make_material(*keys::find_spec(key.spec)), {}, key.created);
    store.save(tx, key);
    store.save_alias(tx.db(), {std::string(alias), key.id, key.created, key.created});
    tx.commit();
    return key.id;
}

// `name`: "alias/...".
Target behind_alias(Context& ctx, std::shared_ptr<Partition> partition, std::string_view name) {
    auto& store = partition->part<keys::Keys>();
    {
        auto reading = partition->read();
        if (auto alias = store.find_alias(reading.db(), name)) {
            std::string id = alias->key;
            return Target{partition, id, store.key_arn(id)};
        }
    }
    bool managed = name.starts_with(managed_prefix) && std::find(std::begin(services), std::end(services), name.substr(managed_prefix.size())) != std::end(services);
    if (!managed) throw errors::no_such_alias(store.alias_arn(name));
    std::string id = make_managed_key(ctx, *partition, name);
    return key_in(std::move(partition), id);
}

Target locate_arn(Context& ctx, std::string_view text, Forms forms) {
    auto arn = Arn::parse(text);
    if (!arn || arn->service != "kms" || !is_account(arn->account)) throw errors::invalid_arn(text);
    if (arn->region != ctx.region()) throw errors::other_region(arn->region);
    auto partition = arn->account == ctx.account() ? ctx.partition : ctx.world.partition({arn->account, arn->region});
    if (arn->resource.starts_with("alias/")) {
        if (forms == Forms::keys) throw errors::alias_not_supported();
        return behind_alias(ctx, std::move(partition), arn->resource);
    }
    if (!arn->resource.starts_with("key/")) throw errors::invalid_arn(text);
    return key_in(std::move(partition), arn->name());
}

}  // namespace

std::string arn_in(const Partition& partition, std::string_view id, std::string_view region) {
    return "arn:aws:kms:" + std::string(region) + ":" + partition.account() + ":key/" + std::string(id);
}

Target locate(Context& ctx, std::string_view id, Forms forms) {
    auto found = [&] {
        if (id.starts_with("arn:")) return locate_arn(ctx, id, forms);
        if (id.starts_with("alias/") && forms == Forms::aliases) return behind_alias(ctx, ctx.partition, id);
        if (!is_key_id(id)) throw errors::invalid_key_id(id);
        return key_in(ctx.partition, id);
    }();
    ctx.resource = found.arn;
    return found;
}

keys::Key require_key(Database& db, const Target& target) {
    auto key = target.keys().find(db, target.id);
    if (!key) throw errors::no_such_key(target.arn);
    return std::move(*key);
}

Target locate_own(Context& ctx, const Value& input) {
    Target target = locate(ctx, input.text("KeyId"), Forms::keys);
    if (target.partition->account() != ctx.account()) throw errors::not_authorized(ctx.call.principal.arn, ctx.call.operation, target.arn);
    return target;
}

keys::Key require_changeable(Context& ctx, Database& db, const Target& target) {
    keys::Key key = require_key(db, target);
    if (key.aws_managed) throw errors::not_authorized(ctx.call.principal.arn, ctx.call.operation, target.arn);
    return key;
}

void require_enabled(const keys::Key& key, const Target& target) {
    std::string_view state = keys::state_of(key);
    if (state == "Disabled") throw errors::disabled(target.arn);
    if (state != "Enabled") throw errors::in_state(target.arn, state);
}

void require_staying(const keys::Key& key, const Target& target) {
    if (key.deletion_days > 0) throw errors::in_state(target.arn, keys::state_of(key));
}

Use use_key(Context& ctx, const Value& input, const Target& target, std::string_view usage) {
    check_grant_tokens(input);
    auto& store = target.keys();
    auto reading = target.partition->read();
    Use use{target, require_key(reading.db(), target), {}};
    require_enabled(use.key, target);
    if (use.key.usage != usage) throw errors::wrong_usage(target.arn, use.key.usage, ctx.call.operation);
    use.material = std::move(*store.material(reading.db(), use.key.id, use.key.current));
    return use;
}

std::string encrypt_under(const Use& use, std::string_view plaintext, const Object& context) {
    return keys::encrypt({use.target.partition->account(), use.key.id, static_cast<std::uint32_t>(use.key.current)}, use.material.secret, plaintext, context);
}

void require_algorithm(const Use& use, std::string_view algorithm) {
    if (!keys::has_algorithm(use.spec(), use.key.usage, algorithm)) throw errors::wrong_algorithm(algorithm, use.key.spec);
}

void end_of_checks(Context& ctx, const Value& input, const Use& use) {
    if (input.flag("DryRun")) throw errors::dry_run();
    auto& store = use.target.keys();
    auto tx = use.target.partition->write();
    store.set_last_use(tx.db(), use.key.id, Object{{"Operation", ctx.call.operation}, {"Timestamp", ctx.now()}, {"KmsRequestId", ctx.request_id}});
    tx.commit();
}

void refuse_recipient(const Value& input) {
    if (input.has("Recipient")) throw errors::not_here("Recipient (attested enclaves)");
}

void check_grant_tokens(const Value& input) {
    for (const Value& token : input.list("GrantTokens"))
        if (!base64_decode(token.as_string())) throw errors::invalid_grant_token();
}

}  // namespace virga::kms
