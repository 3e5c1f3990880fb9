#include <algorithm>

#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"

namespace virga::kinesis {

namespace {

bool tag_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char ch) {
        auto c = static_cast<unsigned char>(ch);
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        return letter || std::string_view(" \t\n_./=+-%@:").find(ch) != std::string_view::npos;
    });
}

Value add(const Target& to, const Object& tags) {
    for (const auto& [key, value] : tags)
        if (!tag_text(key) || !tag_text(value.as_string())) throw stream::tag_characters();
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    Object all = to.streams.tags(tx.db(), *stream);
    for (const auto& [key, value] : tags) all[key] = value;
    to.streams.set_tags(tx, *stream, all);
    tx.commit();
    return Object();
}

Value remove(const Target& to, const Array& keys) {
    auto tx = to.partition->write();
    auto stream = to.streams.get(tx.db(), to.name);
    Object all = to.streams.tags(tx.db(), *stream);
    for (const auto& key : keys) all.erase(key.as_string());
    to.streams.set_tags(tx, *stream, all);
    tx.commit();
    return Object();
}

// [{Key, Value}], by key.
Array list(const Target& to) {
    auto reading = to.partition->read();
    auto stream = to.streams.get(reading.db(), to.name);
    Object tags = to.streams.tags(reading.db(), *stream);
    std::sort(tags.begin(), tags.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    Array listed;
    for (auto& [key, value] : tags) listed.push_back(Object{{"Key", key}, {"Value", value}});
    return listed;
}

}  // namespace

Value add_tags_to_stream(Context& ctx, const Value& input) { return add(target(ctx, input), input.object("Tags")); }
Value remove_tags_from_stream(Context& ctx, const Value& input) { return remove(target(ctx, input), input.list("TagKeys")); }

Value list_tags_for_stream(Context& ctx, const Value& input) {
    Array all = list(target(ctx, input)), page;
    auto after = input.text("ExclusiveStartTagKey");
    auto limit = static_cast<std::size_t>(input.integer("Limit", 50));
    bool more = false;
    for (auto& tag : all) {
        if (!after.empty() && tag.text("Key") <= after) continue;
        more = page.size() == limit;
        if (more) break;
        page.push_back(std::move(tag));
    }
    return Object{{"Tags", std::move(page)}, {"HasMoreTags", more}};
}

Value tag_resource(Context& ctx, const Value& input) { return add(target_arn(ctx, input.text("ResourceARN")), input.object("Tags")); }
Value untag_resource(Context& ctx, const Value& input) { return remove(target_arn(ctx, input.text("ResourceARN")), input.list("TagKeys")); }
Value list_tags_for_resource(Context& ctx, const Value& input) {
    return Object{{"Tags", list(target_arn(ctx, input.text("ResourceARN")))}};
}

}  // namespace virga::kinesis
