// What is told of keys: DescribeKey, ListKeys, GetKeyLastUsage.
#include "apis/kms/key_metadata.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"

namespace virga::kms {

Value describe_key(Context& ctx, const Value& input) {
    check_grant_tokens(input);
    Target target = locate(ctx, input.text("KeyId"), Forms::aliases);
    auto& store = target.keys();
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    auto material = store.material(reading.db(), key.id, key.current);
    return Object{{"KeyMetadata", key_metadata(target, key, material ? &*material : nullptr)}};
}

Value list_keys(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<keys::Keys>();
    std::string after = page_start(input);
    auto reading = ctx.partition->read();
    auto found = store.list(reading.db(), after, page_limit(input, keys::limits::keys_page) + 1);
    return page(found, input, keys::limits::keys_page, "Keys", [](const keys::Key& key) { return key.id; },
                [&](const keys::Key& key) { return Object{{"KeyId", key.id}, {"KeyArn", store.key_arn(key.id)}}; });
}

Value get_key_last_usage(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    Object usage;
    if (!key.last_use.is_null()) usage = {{"Operation", key.last_use["Operation"]}, {"Timestamp", Timestamp{key.last_use.integer("Timestamp")}}, {"KmsRequestId", key.last_use["KmsRequestId"]}};
    return Object{{"KeyId", key.id}, {"KeyLastUsage", std::move(usage)}, {"TrackingStartDate", Timestamp{key.created}}, {"KeyCreationDate", Timestamp{key.created}}};
}

}  // namespace virga::kms
