#include <algorithm>

#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/stream/limits.hpp"

namespace virga::kinesis {

namespace {

// Letters and digits of any script, blanks (no tabs, no line ends: observed), and these.
bool tag_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char ch) {
        auto c = static_cast<unsigned char>(ch);
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        return letter || std::string_view(" _./=+-%@:").find(ch) != std::string_view::npos;
    });
}

// A percent sign passes the first check, as its text says, and fails a second one (observed).
bool has_percent(const Object& tags) {
    return std::any_of(tags.begin(), tags.end(), [](const auto& t) { return (t.name + t.value.as_string()).find('%') != std::string::npos; });
}

Object read_tags(const Resource& t, Database& db, const stream::Stream& stream, TimeMs now) {
    if (!t.consumer) return t.to.streams.tags(db, stream);
    return stream::consumer_tags(db, stream, need_consumer(*t.consumer, db, stream, now).name);
}

void write_tags(const Resource& t, Transaction& tx, const stream::Stream& stream, const Object& tags) {
    if (!t.consumer) return t.to.streams.set_tags(tx, stream, tags);
    t.to.streams.check_tag_count(t.to.name, tags);
    stream::set_consumer_tags(tx, stream, t.consumer->name, tags);
}

Value add(const Resource& t, const Object& tags, TimeMs now) {
    auto tx = t.to.partition->write();
    auto stream = t.to.streams.get(tx.db(), t.to.name);  // before the texts (observed)
    check_tags(tags);
    if (has_percent(tags)) throw stream::tag_illegal("add tags to", t.to.streams.name(t.to.name));
    Object all = read_tags(t, tx.db(), *stream, now);
    for (const auto& [key, value] : tags) all[key] = value;
    write_tags(t, tx, *stream, all);
    tx.commit();
    return Object();
}

Value remove(const Resource& t, const Array& keys, TimeMs now) {
    auto tx = t.to.partition->write();
    auto stream = t.to.streams.get(tx.db(), t.to.name);
    for (const auto& key : keys)
        if (!tag_text(key.as_string())) throw stream::tag_characters();
    for (const auto& key : keys)
        if (key.as_string().find('%') != std::string::npos) throw stream::tag_illegal("remove tags from", t.to.streams.name(t.to.name));
    Object all = read_tags(t, tx.db(), *stream, now);
    for (const auto& key : keys) all.erase(key.as_string());
    write_tags(t, tx, *stream, all);
    tx.commit();
    return Object();
}

// [{Key, Value}], by key.
Array list(const Resource& t, TimeMs now) {
    auto reading = t.to.partition->read();
    auto stream = t.to.streams.get(reading.db(), t.to.name);
    Object tags = read_tags(t, reading.db(), *stream, now);
    std::sort(tags.begin(), tags.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    Array listed;
    for (auto& [key, value] : tags) listed.push_back(Object{{"Key", key}, {"Value", value}});
    return listed;
}

}  // namespace

void check_tags(const Object& tags) {
    for (const auto& [key, value] : tags)
        if (!tag_text(key) || !tag_text(value.as_string())) throw stream::tag_characters();
}

Value add_tags_to_stream(Context& ctx, const Value& input) { return add({target(ctx, input), {}}, input.object("Tags"), ctx.now()); }
Value remove_tags_from_stream(Context& ctx, const Value& input) { return remove({target(ctx, input), {}}, input.list("TagKeys"), ctx.now()); }

Value list_tags_for_stream(Context& ctx, const Value& input) {
    Array all = list({target(ctx, input), {}}, ctx.now()), page;
    auto after = input.text("ExclusiveStartTagKey");
    auto limit = static_cast<std::size_t>(input.integer("Limit", stream::limits::list_tags_page));
    bool more = false;
    for (auto& tag : all) {
        if (!after.empty() && tag.text("Key") <= after) continue;
        more = page.size() == limit;
        if (more) break;
        page.push_back(std::move(tag));
    }
    return Object{{"Tags", std::move(page)}, {"HasMoreTags", more}};
}

Value tag_resource(Context& ctx, const Value& input) { return add(named_resource(ctx, input.text("ResourceARN")), input.object("Tags"), ctx.now()); }
Value untag_resource(Context& ctx, const Value& input) { return remove(named_resource(ctx, input.text("ResourceARN")), input.list("TagKeys"), ctx.now()); }
Value list_tags_for_resource(Context& ctx, const Value& input) {
    return Object{{"Tags", list(named_resource(ctx, input.text("ResourceARN")), ctx.now())}};
}

}  // namespace virga::kinesis
