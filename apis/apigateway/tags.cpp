// TagResource, UntagResource, GetTags: of APIs and stages.
#include "apis/apigateway/errors.hpp"
#include "apis/apigateway/operations.hpp"

namespace virga::apigateway {
namespace {

struct Target {
    std::string api, stage;
};

// "arn:aws:apigateway:<region>::/restapis/<id>[/stages/<name>]"
Target parse(std::string_view arn) {
    std::size_t at = arn.find("::/restapis/");
    if (!arn.starts_with("arn:") || at == std::string_view::npos) throw errors::bad_resource_arn();
    std::string_view rest = arn.substr(at + 12);
    std::size_t stage = rest.find("/stages/");
    Target out{std::string(rest.substr(0, stage)), ""};
    if (stage != std::string_view::npos) out.stage = rest.substr(stage + 8);
    return out;
}

Value change(Context& ctx, const Value& input, const std::function<void(Object& tags)>& work) {
    const Target target = parse(input.text("resourceArn"));
    const Value named = Object{{"restApiId", target.api}, {"stageName", target.stage}};
    auto tx = ctx.partition->write();
    auto apply = [&](Object& settings) {
        Value& tags = settings["tags"];
        if (tags.is_null()) tags = Object{};
        work(tags.as_object());
        Value out = tags;
        if (tags.as_object().empty()) settings.erase("tags");
        return out;
    };
    Value tags;
    if (target.stage.empty()) {
        RestApi api = find_api(ctx, tx.db(), named);
        tags = apply(api.settings);
        store_of(ctx).put(tx.db(), api);
    } else {
        Stage stage = find_stage(ctx, tx.db(), named);
        tags = apply(stage.settings);
        store_of(ctx).put(tx.db(), target.api, stage);
    }
    tx.commit();
    return tags;
}

}  // namespace

Value tag_resource(Context& ctx, const Value& input) {
    change(ctx, input, [&](Object& tags) {
        for (const auto& t : input.object("tags")) tags[t.name] = t.value;
    });
    return Object{};
}

Value untag_resource(Context& ctx, const Value& input) {
    change(ctx, input, [&](Object& tags) {
        for (const Value& key : input.list("tagKeys")) tags.erase(key.as_string());
    });
    return Object{};
}

Value get_tags(Context& ctx, const Value& input) {
    return Object{{"tags", change(ctx, input, [](Object&) {})}};
}

}  // namespace virga::apigateway
