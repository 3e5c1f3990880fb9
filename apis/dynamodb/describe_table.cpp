#include "apis/dynamodb/operations.hpp"

#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/table_description.hpp"

namespace virga::dynamodb {

using namespace table;

Value describe_table(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    ReadScope reading(store(ctx));
    TablePtr table = require_described_table(ctx, reading.db(), name);
    return Object{{"Table", describe(ctx, reading.db(), *table)}};
}

}  // namespace virga::dynamodb
