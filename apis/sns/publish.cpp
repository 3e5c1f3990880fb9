#include "apis/sns/operations.hpp"
#include "apis/sns/phone_number.hpp"
#include "apis/sns/filter_policy.hpp"
#include "apis/sns/publishing.hpp"
#include "apis/sns/target.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/sent.hpp"

namespace virga::sns {

namespace {

// "GCM" of "endpoint/GCM/app/id".
std::string platform_of(const Arn& endpoint) {
    std::string_view rest = endpoint.name();
    return std::string(rest.substr(0, rest.find('/')));
}

void record(Context& ctx, Transaction& tx, const char* kind, std::string_view target, const char* target_name, const Publication& p,
            const std::string& body) {
    tx.partition().part<topic::Sent>().add(tx, kind, target,
                                           Object{{"MessageId", p.message.id},
                                                  {target_name, target},
                                                  {"Message", body},
                                                  {"MessageAttributes", p.message.attributes},
                                                  {"Subject", p.message.subject},
                                                  {"MessageStructure", p.bodies.empty() ? Value() : Value("json")}});
    ctx.resource = target;
}

Value publish_to_phone(Context& ctx, const std::string& given, const Publication& p) {
    if (!topic::is_phone_number(given)) throw topic::invalid("PhoneNumber Reason: " + given + " is not valid to publish to");
    const std::string number = checked_phone_number(given);
    auto& sent = ctx.partition->part<topic::Sent>();
    auto tx = ctx.partition->write();
    if (!sent.find(tx.db(), topic::document_kind::opted_out, number).is_null()) throw topic::opted_out(number);
    record(ctx, tx, topic::sent_kind::sms, number, "PhoneNumber", p, p.body_for("sms"));
    tx.commit();
    return Object{{"MessageId", p.message.id}};
}

Value publish_to_device(Context& ctx, const Arn& arn, const Publication& p) {
    const ApiError missing = topic::invalid("TargetArn Reason: No endpoint found for the target arn specified");
    auto partition = partition_of(ctx, arn, missing);
    auto& sent = partition->part<topic::Sent>();
    auto tx = partition->write();
    const Value endpoint = sent.find(tx.db(), topic::document_kind::endpoint, arn.text);
    if (endpoint.is_null()) throw missing;
    if (endpoint.text("Enabled") == "false") throw topic::endpoint_disabled();
    const std::string application = partition->arn("sns", "app/" + std::string(arn.name().substr(0, arn.name().rfind('/'))));
    if (sent.find(tx.db(), topic::document_kind::application, application).text("Enabled") == "false") throw topic::application_disabled();
    record(ctx, tx, topic::sent_kind::push, arn.text, "TargetArn", p, p.body_for(platform_of(arn)));
    tx.commit();
    return Object{{"MessageId", p.message.id}};
}

}  // namespace

Value publish(Context& ctx, const Value& input) {
    const int targets = input.has("TopicArn") + input.has("TargetArn") + input.has("PhoneNumber");
    if (targets == 0) throw topic::invalid("TopicArn or TargetArn Reason: no value for required parameter");
    if (targets > 1) throw topic::invalid("Only one of TopicArn, TargetArn and PhoneNumber may be given");  // form without a source
    const char* parameter = input.has("TopicArn") ? "TopicArn" : "TargetArn";
    if (input.has("PhoneNumber")) return publish_to_phone(ctx, std::string(input.text("PhoneNumber")), read_publication(ctx, input));
    const Arn arn = read_arn(ctx, input.text(parameter), parameter);
    Publication publication = read_publication(ctx, input);
    if (arn.resource.starts_with("endpoint/")) return publish_to_device(ctx, arn, publication);

    auto to = target(ctx, arn.text, parameter);
    to.partition->part<Filters>();
    auto tx = to.partition->write();
    Value answer = publish_to_topic(ctx, tx, to.topics.get(tx.db(), to.name), std::move(publication));
    tx.commit();
    return answer;
}

}  // namespace virga::sns
