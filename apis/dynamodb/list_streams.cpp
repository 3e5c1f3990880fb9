#include <fmt/format.h>

#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/errors.hpp"

namespace virga::dynamodb {

Value list_streams(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::size_t limit = static_cast<std::size_t>(input.integer("Limit", 100));
    if (limit > 100)
        throw table::errors::constraint(fmt::format("Value '{}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100", limit));
    const std::string table = input.has("TableName") ? table_name(input) : std::string();

    // 2. Look up.
    std::vector<table::Stream> streams;
    {
        table::ReadScope reading(store(ctx));
        streams = table::list_streams(reading.db(), table, input.text("ExclusiveStartStreamArn"), limit, ctx.now());
    }

    // 3. Answer.
    Array list;
    for (const auto& s : streams) list.push_back(Object{{"StreamArn", s.arn}, {"TableName", s.table}, {"StreamLabel", s.label}});
    Object answer{{"Streams", std::move(list)}};
    if (streams.size() == limit) answer.append("LastEvaluatedStreamArn", streams.back().arn);
    return answer;
}

}  // namespace virga::dynamodb
