#include "apis/sns/filter_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace {

namespace limits = topic::limits;

constexpr std::size_t compiled_at_once = 1'000;  // then all are forgotten
constexpr std::size_t too_many = limits::filter_combinations + 1;

// A choice between objects. With anything else in it "$or" is a key like any other.
bool is_choice(const std::string& key, const Value& value) {
    if (key != "$or" || value.as_array().size() < 2) return false;
    return std::all_of(value.as_array().begin(), value.as_array().end(), [](const Value& v) { return v.is_object() && !v.as_object().empty(); });
}

struct Shape {
    std::string_view scope;
    std::string prefix;

    // The product of the values of all keys, each times its depth (filter policy constraints); those of the parts of a choice are added.
    std::size_t combinations(const Object& object, std::size_t depth, std::size_t before) const {
        if (depth > 1 && scope == "MessageAttributes")
            throw topic::invalid(prefix + "Filter policy scope MessageAttributes does not support nested filter policy");
        std::size_t product = before;
        for (const auto& [key, value] : object) {
            if (value.is_object()) {
                product = combinations(value.as_object(), depth + 1, product);
            } else if (!value.is_array()) {
                throw topic::invalid(fmt::format("{}FilterPolicy: \"{}\" must be an object or an array", prefix, key));
            } else if (is_choice(key, value)) {
                std::size_t sum = 0;
                for (const Value& part : value.as_array()) sum += combinations(part.as_object(), depth, product);
                product = sum;
            } else if (!value.as_array().empty()) {  // that it is empty is said later
                product *= value.as_array().size() * depth;
            }
            product = std::min(product, too_many);
        }
        return product;
    }
};

}  // namespace

bool is_no_filter_policy(std::string_view policy) {
    Value parsed;
    return policy.empty() || (json::try_parse(policy, parsed) && parsed.is_object() && parsed.as_object().empty());
}

void check_filter_policy(std::string_view policy, std::string_view scope, const std::string& prefix) {
    if (is_no_filter_policy(policy)) return;
    Value parsed;
    if (policy.size() > limits::filter_bytes || !json::try_parse(policy, parsed))
        throw topic::invalid(prefix + "FilterPolicy: failed to parse JSON.");
    if (parsed.is_object()) {
        if (parsed.as_object().size() > limits::filter_keys)
            throw topic::invalid(fmt::format("{}FilterPolicy: Filter policy can not have more than {} keys", prefix, limits::filter_keys));
        if (Shape{scope, prefix}.combinations(parsed.as_object(), 1, 1) > limits::filter_combinations)
            throw topic::invalid(prefix + "FilterPolicy: Filter policy is too complex");
    }
    try {
        bus::Pattern::compile(policy);
    } catch (const bus::PatternError& error) {
        throw topic::invalid(prefix + "FilterPolicy: " + error.what());
    }
}

namespace {

// A number of an attribute in the notation of JSON, "" when it has none.
std::string json_number(std::string_view text) {
    std::string number(text.starts_with('+') ? text.substr(1) : text);
    if (auto point = number.find('.'); point == 0 || (point == 1 && number[0] == '-')) number.insert(point, "0");
    Value parsed;
    return json::try_parse(number, parsed) && parsed.is_number() ? number : std::string();
}

}  // namespace

std::string attributes_document(const Object& attributes) {
    std::string out = "{";
    for (const auto& [name, attribute] : attributes) {
        std::string_view type = attribute.text("DataType"), text = attribute.text("StringValue");
        Value parsed;
        const bool array = type == "String.Array";
        if (type.starts_with("Binary") || (array && (!json::try_parse(text, parsed) || !parsed.is_array()))) continue;
        if (out.size() > 1) out += ',';
        json::write_string(out, name);
        out += ':';
        const std::string number = type.starts_with("Number") ? json_number(text) : std::string();
        if (array) out += text;
        else if (!number.empty()) out += number;
        else json::write_string(out, text);
    }
    return out + "}";
}

bool Filters::wants(const topic::Subscription& subscription, const topic::Message& message, std::string_view body) {
    const std::string policy(subscription.attribute("FilterPolicy"));
    if (policy.empty()) return true;
    const bus::Pattern pattern = compiled(policy);
    if (subscription.attribute("FilterPolicyScope") == "MessageBody") {
        Value parsed;  // the pattern reads no further than it must
        return json::try_parse(body, parsed) && pattern.matches(body);
    }
    return pattern.matches(attributes_document(message.attributes));
}

bus::Pattern Filters::compiled(const std::string& policy) {
    std::lock_guard lock(mutex_);
    auto found = compiled_.find(policy);
    if (found != compiled_.end()) return found->second;
    if (compiled_.size() >= compiled_at_once) compiled_.clear();
    return compiled_.emplace(policy, bus::Pattern::compile(policy)).first->second;
}

}  // namespace virga::sns
