#include "apis/kms/key_metadata.hpp"
#include "apis/kms/operations.hpp"
#include "apis/kms/pages.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/tag_rules.hpp"

namespace virga::kms {

std::map<std::string, std::string> tags_of(const Value& input) {
    std::map<std::string, std::string> out;
    for (const Value& tag : input.list("Tags")) {
        std::string name(tag.text("TagKey"));
        if (starts_with_i(name, "aws:")) throw errors::reserved_tag();
        if (!out.emplace(std::move(name), tag.text("TagValue")).second) throw errors::repeated_tag();
    }
    if (out.size() > tags_per_resource) throw errors::too_many_tags();
    return out;
}

Array tag_list(const std::map<std::string, std::string>& tags) {
    Array out;
    for (const auto& [name, value] : tags) out.push_back(Object{{"TagKey", name}, {"TagValue", value}});
    return out;
}

Value tag_resource(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto tags = tags_of(input);
    auto tx = target.partition->write();
    keys::Key key = require_changeable(ctx, tx.db(), target);
    require_staying(key, target);
    tags.merge(key.tags);  // what is new goes first
    if (tags.size() > tags_per_resource) throw errors::too_many_tags();
    key.tags = std::move(tags);
    target.keys().save(tx, key);
    tx.commit();
    return Object();
}

Value untag_resource(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto tx = target.partition->write();
    keys::Key key = require_changeable(ctx, tx.db(), target);
    require_staying(key, target);
    for (const Value& name : input.list("TagKeys")) key.tags.erase(name.as_string());
    target.keys().save(tx, key);
    tx.commit();
    return Object();
}

Value list_resource_tags(Context& ctx, const Value& input) {
    Target target = locate_own(ctx, input);
    auto reading = target.partition->read();
    keys::Key key = require_key(reading.db(), target);
    Array tags = tag_list(key.tags);
    return page(tags, input, keys::limits::tags_page, "Tags", [](const Value& tag) { return tag.text("TagKey"); }, [](const Value& tag) { return tag; });
}

}  // namespace virga::kms
