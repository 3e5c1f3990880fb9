#include "emulator/topic/message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::topic {

namespace {

std::string_view base_type(std::string_view type) { return type.substr(0, type.find('.')); }

std::string_view value_of(const Value& attribute) {
    return attribute.has("BinaryValue") ? attribute.text("BinaryValue") : attribute.text("StringValue");
}

bool is_number(std::string_view text) {
    double ignored = 0;
    if (text.starts_with('+')) text.remove_prefix(1);
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ignored);
    return (error == std::errc() || error == std::errc::result_out_of_range) && end == text.data() + text.size() && !text.empty() &&
           std::isalpha(static_cast<unsigned char>(text.back())) == 0;
}

bool is_attribute_name(std::string_view name) {
    auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
    const bool dotted = name.starts_with('.') || name.ends_with('.') || name.find("..") != std::string_view::npos;
    return !name.empty() && name.size() <= 256 && !dotted && std::all_of(name.begin(), name.end(), allowed);
}

// As subscribers see them.
Object shown_attributes(const Object& attributes) {
    Object out;
    for (const auto& [name, attribute] : attributes) out.append(name, Object{{"Type", attribute["DataType"]}, {"Value", value_of(attribute)}});
    return out;
}

// The members that every form has, in the order of the envelope. `url` is the spelling of the names that end so: "URL", "Url".
Object members(const Message& m, const Addressee& to, const std::string& url) {
    Object out{{"Type", m.type}, {"MessageId", m.id}};
    if (!m.sequence.empty()) out.append("SequenceNumber", m.sequence);
    if (!m.token.empty()) out.append("Token", m.token);
    out.append("TopicArn", m.topic_arn);
    if (m.subject) out.append("Subject", *m.subject);
    out.append("Message", m.body);
    if (!m.token.empty()) out.append("SubscribeURL", subscribe_url(to.endpoint, m));
    out.append("Timestamp", iso8601(m.at, true));
    if (!to.signature.empty()) {
        out.append("SignatureVersion", m.signature_version);
        out.append("Signature", to.signature);
        out.append("SigningCert" + url, to.certificate_url);
    }
    if (m.token.empty()) out.append("Unsubscribe" + url, unsubscribe_url(to.endpoint, to.subscription_arn));
    if (!m.attributes.empty()) out.append("MessageAttributes", shown_attributes(m.attributes));
    return out;
}

}  // namespace

Value Message::write() const {
    Object out{{"type", type}, {"id", id},       {"topic", topic_arn}, {"body", body},   {"attributes", attributes}, {"at", at},
               {"token", token}, {"group", group}, {"dedup", dedup},     {"sequence", sequence}, {"version", signature_version}};
    if (subject) out.append("subject", *subject);
    return out;
}

Message Message::read(const Value& d) {
    Message m;
    m.type = d.text("type");
    m.id = d.text("id");
    m.topic_arn = d.text("topic");
    m.body = d.text("body");
    if (d.has("subject")) m.subject = d.text("subject");
    m.attributes = d.object("attributes");
    m.at = d.integer("at");
    m.signature_version = d.text("version");
    m.token = d.text("token");
    m.group = d.text("group");
    m.dedup = d.text("dedup");
    m.sequence = d.text("sequence");
    return m;
}

std::string subscribe_url(const std::string& endpoint, const Message& m) {
    return endpoint + "/?Action=ConfirmSubscription&TopicArn=" + m.topic_arn + "&Token=" + m.token;
}

std::string unsubscribe_url(const std::string& endpoint, const std::string& subscription_arn) {
    return endpoint + "/?Action=Unsubscribe&SubscriptionArn=" + subscription_arn;
}

std::string string_to_sign(const Message& m, const std::string& endpoint) {
    std::string out;
    auto line = [&](std::string_view name, std::string_view value) { out.append(name).append("\n").append(value).append("\n"); };
    line("Message", m.body);
    line("MessageId", m.id);
    if (!m.token.empty()) line("SubscribeURL", subscribe_url(endpoint, m));
    else if (m.subject) line("Subject", *m.subject);
    line("Timestamp", iso8601(m.at, true));
    if (!m.token.empty()) line("Token", m.token);
    line("TopicArn", m.topic_arn);
    line("Type", m.type);
    return out;
}

std::string envelope(const Message& message, const Addressee& to) {
    std::string out = "{";
    auto line = [&out](const char* indent, const std::string& name) {
        if (!out.ends_with('{')) out += ',';
        out.append("\n").append(indent);
        json::write_string(out, name);
        out += " : ";
    };
    for (const auto& [name, value] : members(message, to, "URL")) {
        line("  ", name);
        if (!value.is_object()) {
            json::write_to(out, value);
            continue;
        }
        out += '{';
        for (const auto& [attribute, shown] : value.as_object()) {
            line("    ", attribute);
            json::write_to(out, shown);
        }
        out += "\n  }";
    }
    return out + "\n}";
}

std::string function_event(const Message& message, const Addressee& to) {
    Value sns = members(message, to, "Url");
    if (!message.subject) sns["Subject"] = nullptr;  // here what is not there is said
    if (message.attributes.empty()) sns["MessageAttributes"] = Object();
    Object record{{"EventSource", "aws:sns"}, {"EventVersion", "1.0"}, {"EventSubscriptionArn", to.subscription_arn}, {"Sns", std::move(sns)}};
    return json::write(Value(Object{{"Records", Array{Value(std::move(record))}}}));
}

std::string stream_record(const Message& message, const Addressee& to) {
    Addressee unsigned_ = to;
    unsigned_.signature.clear();
    return json::write(Value(members(message, unsigned_, "URL"))) + "\n";
}

Object checked_message_attributes(const Object& given) {
    Object out;
    for (const auto& [name, attribute] : given) {
        std::string_view type = attribute.text("DataType"), base = base_type(type);
        if (!is_attribute_name(name)) throw bad_attribute_name(name);
        if (type.empty()) throw attribute_without_type(name);
        const bool binary = base == "Binary";
        if (!binary && base != "String" && base != "Number") throw bad_attribute_type(name);
        const Value& value = attribute[binary ? "BinaryValue" : "StringValue"];
        const bool present = binary ? value.is_bytes() && !value.as_bytes().empty() : value.is_string() && !value.as_string().empty();
        if (!present) throw empty_attribute(name, type);
        if (base == "Number" && !is_number(value.as_string())) throw attribute_not_a_number(name);
        Object kept{{"DataType", type}};
        if (binary) kept.append("BinaryValue", base64_encode(value.as_bytes()));
        else kept.append("StringValue", value);
        out.append(name, std::move(kept));
    }
    return out;
}

std::size_t message_attributes_size(const Object& given) {
    std::size_t size = 0;
    for (const auto& [name, attribute] : given) {
        const Value& binary = attribute["BinaryValue"];
        size += name.size() + attribute.text("DataType").size() + (binary.is_bytes() ? binary.as_bytes() : attribute.text("StringValue")).size();
    }
    return size;
}

void check_subject(std::string_view subject) {
    bool printable = std::all_of(subject.begin(), subject.end(), [](unsigned char c) { return c >= ' ' && c != 0x7f; });
    if (subject.empty() || utf8_length(subject) > limits::subject || !printable) throw invalid("Subject");
}

}  // namespace virga::topic
