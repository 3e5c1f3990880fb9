// GetRestApi, GetRestApis, DeleteRestApi.
#include "apis/apigateway/operations.hpp"

namespace virga::apigateway {

Value get_rest_api(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    return show(find_api(ctx, reading.db(), input));
}

Value get_rest_apis(Context& ctx, const Value& input) {
    auto reading = ctx.partition->read();
    Array all;
    for (const RestApi& api : store_of(ctx).apis(reading.db())) all.push_back(show(api));
    return page(all, input);
}

Value delete_rest_api(Context& ctx, const Value& input) {
    std::string id;
    {
        auto tx = ctx.partition->write();
        id = find_api(ctx, tx.db(), input).id;
        store_of(ctx).remove_api(tx.db(), id);
        tx.commit();
    }
    ctx.world.directory->release("api", id);
    return Object{};
}

}  // namespace virga::apigateway
