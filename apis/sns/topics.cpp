#include <algorithm>
#include <cctype>

#include "apis/sns/operations.hpp"
#include "apis/sns/tag_list.hpp"
#include "apis/sns/target.hpp"
#include "emulator/base/encoding.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace limits = topic::limits;

namespace {

constexpr std::string_view fifo_suffix = ".fifo";

void check_name(std::string_view name, bool fifo) {
    if (fifo != name.ends_with(fifo_suffix)) throw topic::invalid("Topic Name");
    std::string_view stem = fifo ? name.substr(0, name.size() - fifo_suffix.size()) : name;
    auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
    if (stem.empty() || name.size() > limits::topic_name || !std::all_of(stem.begin(), stem.end(), allowed)) throw topic::invalid("Topic Name");
}

// Whether everything that is given is so already.
void check_same(const topic::Topic& existing, const Object& attributes, const Value& input, const Object& tags, std::string_view account) {
    const Object shown = topic::shown_attributes(existing, {}, account);
    for (const auto& [name, value] : attributes) {
        const Value* current = shown.find(name);
        if (!current || *current != value) throw topic::invalid("Attributes Reason: Topic already exists with different attributes");
    }
    auto is_there = [&](const auto& tag) { return existing.tags.find(tag.name) && *existing.tags.find(tag.name) == tag.value; };
    const bool same_tags = tags.size() == existing.tags.size() && std::all_of(tags.begin(), tags.end(), is_there);
    if (input.has("Tags") && !same_tags) throw topic::invalid("Tags Reason: Topic already exists with different tags");
}

}  // namespace

Value create_topic(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string name(input.text("Name"));
    const bool fifo = iequals(input["Attributes"].text("FifoTopic"), "true");
    check_name(name, fifo);
    Object attributes;
    for (const auto& [attribute, value] : input.object("Attributes")) {
        topic::check_topic_attribute(attribute, value.as_string(), fifo, true);
        topic::set_topic_attribute(attributes, attribute, value.as_string());
    }
    if (!fifo) attributes.erase("FifoTopic");
    const Object tags = read_tags(input.list("Tags"));
    auto& topics = ctx.partition->part<topic::Topics>();
    ctx.resource = topics.arn(name);

    // 2. An equal topic that exists is answered.
    auto tx = ctx.partition->write();
    if (auto existing = topics.find(tx.db(), name)) {
        check_same(*existing, attributes, input, tags, ctx.account());
        return Object{{"TopicArn", existing->arn}};
    }
    // 3. Make it.
    topics.insert(tx, name, attributes, tags, input.text("DataProtectionPolicy"));
    tx.commit();
    return Object{{"TopicArn", ctx.resource}};
}

Value delete_topic(Context& ctx, const Value& input) {
    const Arn arn = read_arn(ctx, input.text("TopicArn"), "TopicArn");
    auto partition = ctx.world.find_partition({arn.account, arn.region});
    if (!partition) return Object();  // what is not there is deleted already
    auto& topics = partition->part<topic::Topics>();
    auto tx = partition->write();
    if (auto existing = topics.find(tx.db(), arn.resource); existing && existing->attributes.contains("ArchivePolicy"))
        throw topic::topic_has_archive();
    topics.remove(tx, arn.resource);
    tx.commit();
    return Object();
}

Value list_topics(Context& ctx, const Value& input) {
    std::optional<std::string> after = std::string();
    if (input.has("NextToken")) after = read_page_token(input.text("NextToken"));
    if (!after) throw topic::invalid("NextToken");
    auto& topics = ctx.partition->part<topic::Topics>();
    auto reading = ctx.partition->read();
    auto names = topics.names(reading.db(), *after, limits::page + 1);
    const bool more = names.size() > limits::page;
    if (more) names.resize(limits::page);
    Array list;
    for (const auto& name : names) list.push_back(Object{{"TopicArn", topics.arn(name)}});
    Value out = Object{{"Topics", std::move(list)}};
    if (more) out["NextToken"] = page_token(names.back());
    return out;
}

}  // namespace virga::sns
