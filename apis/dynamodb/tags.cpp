#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_definition.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

// The table of a table ARN. ARNs of indexes and streams carry no tags; those of other accounts are not ours to show.
TablePtr tagged_table(Context& ctx, Database& db, const Value& input) {
    const std::string_view arn = input.text("ResourceArn");
    const std::string_view name = resource_of(ctx, arn);
    if (ctx.call.operation == "TagResource" && input.list("Tags").empty()) throw errors::tags_required();
    if (ctx.call.operation == "UntagResource" && input.list("TagKeys").empty()) throw errors::tag_keys_required();
    if (name.find('/') != std::string_view::npos) throw errors::invalid_resource_arn(arn);
    TablePtr table = store(ctx).find(db, name);
    if (!table) throw ctx.call.operation == "UntagResource" ? errors::table_not_found() : errors::resource_not_found(arn);
    ctx.resource = table->arn;
    return table;
}

}  // namespace

Value tag_resource(Context& ctx, const Value& input) {
    WriteScope scope(store(ctx));
    Table table = *tagged_table(ctx, scope.db(), input);
    add_tags(table, input.list("Tags"));
    scope.store.save(scope.db(), std::move(table));
    scope.commit();
    return {};
}

Value untag_resource(Context& ctx, const Value& input) {
    WriteScope scope(store(ctx));
    Table table = *tagged_table(ctx, scope.db(), input);
    for (const Value& key : input.list("TagKeys")) table.tags.erase(key.as_string());
    scope.store.save(scope.db(), std::move(table));
    scope.commit();
    return {};
}

Value list_tags_of_resource(Context& ctx, const Value& input) {
    ReadScope reading(store(ctx));
    TablePtr table = tagged_table(ctx, reading.db(), input);
    if (input.has("NextToken")) throw errors::invalid_next_token();  // one answer has all tags
    Array tags;
    for (const auto& t : table->tags) tags.push_back(Object{{"Key", t.name}, {"Value", t.value}});
    return Object{{"Tags", std::move(tags)}};
}

}  // namespace virga::dynamodb
