#include "apis/dynamodb/operations.hpp"

namespace virga::dynamodb {

Value describe_endpoints(Context& ctx, const Value&) {
    std::string address = ctx.call.endpoint;
    if (auto scheme = address.find("://"); scheme != std::string::npos) address.erase(0, scheme + 3);
    return Object{{"Endpoints", Array{Object{{"Address", std::move(address)}, {"CachePeriodInMinutes", 1440}}}}};
}

// Default quotas ("Quotas in Amazon DynamoDB"): 80,000 units per account, 40,000 per table.
Value describe_limits(Context&, const Value&) {
    return Object{{"AccountMaxReadCapacityUnits", 80000}, {"AccountMaxWriteCapacityUnits", 80000}, {"TableMaxReadCapacityUnits", 40000}, {"TableMaxWriteCapacityUnits", 40000}};
}

}  // namespace virga::dynamodb
