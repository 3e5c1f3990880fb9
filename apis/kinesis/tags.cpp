#include <algorithm>

#include "apis/kinesis/consumer.hpp"
#include "apis/kinesis/operations.hpp"
#include "apis/kinesis/target.hpp"
#include "emulator/base/json.hpp"
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

// What has tags: a stream, or one of its consumers.
struct Tagged {
    Target to;
    std::optional<NamedConsumer> consumer;
};

Tagged tagged(Context& ctx, std::string_view arn) {
    auto parsed = parse_stream_arn(arn);
    if (!parsed || parsed->consumer.empty()) return {target_arn(ctx, arn), {}};
    auto consumer = consumer_by_arn(ctx, arn);
    return {consumer.to, consumer};
}

Object read_tags(const Tagged& t, Database& db, const stream::Stream& stream) {
    if (!t.consumer) return t.to.streams.tags(db, stream);
    auto consumer = need_consumer(*t.consumer, db, stream);
    auto q = db.query("select tags from stream_consumer where stream = ? and name = ?", stream.id, consumer.name);
    return q.next() ? json::parse(q.text(0)).as_object() : Object();
}

void write_tags(const Tagged& t, Transaction& tx, const stream::Stream& stream, const Object& tags) {
    if (!t.consumer) return t.to.streams.set_tags(tx, stream, tags);
    if (tags.size() > stream::limits::max_tags) throw stream::too_many_tags(t.to.streams.name(t.to.name));
    tx.db().run("update stream_consumer set tags = ? where stream = ? and name = ?", json::write(tags), stream.id, t.consumer->name);
}

Value add(const Tagged& t, const Object& tags) {
    auto tx = t.to.partition->write();
    auto stream = t.to.streams.get(tx.db(), t.to.name);  // before the texts (observed)
    check_tags(tags);
    if (has_percent(tags)) throw stream::tag_illegal("add tags to", t.to.streams.name(t.to.name));
    Object all = read_tags(t, tx.db(), *stream);
    for (const auto& [key, value] : tags) all[key] = value;
    write_tags(t, tx, *stream, all);
    tx.commit();
    return Object();
}

Value remove(const Tagged& t, const Array& keys) {
    auto tx = t.to.partition->write();
    auto stream = t.to.streams.get(tx.db(), t.to.name);
    for (const auto& key : keys)
        if (!tag_text(key.as_string())) throw stream::tag_characters();
    for (const auto& key : keys)
        if (key.as_string().find('%') != std::string::npos) throw stream::tag_illegal("remove tags from", t.to.streams.name(t.to.name));
    Object all = read_tags(t, tx.db(), *stream);
    for (const auto& key : keys) all.erase(key.as_string());
    write_tags(t, tx, *stream, all);
    tx.commit();
    return Object();
}

// [{Key, Value}], by key.
Array list(const Tagged& t) {
    auto reading = t.to.partition->read();
    auto stream = t.to.streams.get(reading.db(), t.to.name);
    Object tags = read_tags(t, reading.db(), *stream);
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

Value add_tags_to_stream(Context& ctx, const Value& input) { return add({target(ctx, input), {}}, input.object("Tags")); }
Value remove_tags_from_stream(Context& ctx, const Value& input) { return remove({target(ctx, input), {}}, input.list("TagKeys")); }

Value list_tags_for_stream(Context& ctx, const Value& input) {
    Array all = list({target(ctx, input), {}}), page;
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

Value tag_resource(Context& ctx, const Value& input) { return add(tagged(ctx, input.text("ResourceARN")), input.object("Tags")); }
Value untag_resource(Context& ctx, const Value& input) { return remove(tagged(ctx, input.text("ResourceARN")), input.list("TagKeys")); }
Value list_tags_for_resource(Context& ctx, const Value& input) {
    return Object{{"Tags", list(tagged(ctx, input.text("ResourceARN")))}};
}

}  // namespace virga::kinesis
