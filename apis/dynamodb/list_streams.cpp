#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/request.hpp"
#include "apis/dynamodb/stream_iterator.hpp"
#include "emulator/table/change_stream.hpp"
#include "emulator/table/limits.hpp"

namespace virga::dynamodb {

Value list_streams(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::size_t limit = read_limit(input, table::limits::listed_streams);
    const std::string table = input.has("TableName") ? table_name(ctx, input) : std::string();

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
