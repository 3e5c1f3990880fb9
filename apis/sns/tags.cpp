#include "apis/sns/operations.hpp"
#include "apis/sns/tag_list.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/tag_rules.hpp"
#include "emulator/topic/errors.hpp"

namespace virga::sns {

namespace {

// Lets `change` make new tags of those that the topic has.
template <class Change>
Value change_tags(Context& ctx, const Value& input, Change change) {
    auto to = target(ctx, input.text("ResourceArn"), "ResourceArn");
    auto tx = to.partition->write();
    auto topic = to.topics.find(tx.db(), to.name);
    if (!topic) throw topic::no_such_resource();
    change(topic->tags);
    to.topics.update(tx, *topic);
    tx.commit();
    return Object();
}

}  // namespace

Object read_tags(const Array& list, Object base) {
    std::map<std::string, std::string> given;
    for (const auto& tag : list) {
        if (!given.emplace(tag.text("Key"), tag.text("Value")).second)
            throw topic::bad_tag("Duplicated keys are not allowed.");  // form without a source
        base[tag.text("Key")] = tag.text("Value");
    }
    if (base.size() > tags_per_resource) throw topic::too_many_tags();
    if (auto problem = tag_problem(given)) throw topic::bad_tag(*problem);
    return base;
}

Value tag_resource(Context& ctx, const Value& input) {
    return change_tags(ctx, input, [&](Object& tags) { tags = read_tags(input.list("Tags"), tags); });
}

Value untag_resource(Context& ctx, const Value& input) {
    return change_tags(ctx, input, [&](Object& tags) {
        for (const auto& key : input.list("TagKeys")) tags.erase(key.as_string());
    });
}

Value list_tags_for_resource(Context& ctx, const Value& input) {
    auto to = target(ctx, input.text("ResourceArn"), "ResourceArn");
    auto reading = to.partition->read();
    auto topic = to.topics.find(reading.db(), to.name);
    if (!topic) throw topic::no_such_resource();
    Array list;
    for (const auto& [key, value] : topic->tags) list.push_back(Object{{"Key", key}, {"Value", value}});
    return Object{{"Tags", std::move(list)}};
}

}  // namespace virga::sns
