#include "apis/dynamodb/operations.hpp"

#include <algorithm>

#include "apis/dynamodb/request.hpp"

namespace virga::dynamodb {

using namespace table;

Value list_tables(Context& ctx, const Value& input) {
    const std::size_t limit = static_cast<std::size_t>(input.integer("Limit", 100));
    std::vector<std::string> names;
    {
        ReadScope reading(store(ctx));
        names = store(ctx).names(reading.db());
    }
    Array page;
    Object answer;
    for (auto it = std::upper_bound(names.begin(), names.end(), input.text("ExclusiveStartTableName")); it != names.end(); ++it) {
        if (page.size() == limit) {
            answer.append("LastEvaluatedTableName", page.back());
            break;
        }
        page.push_back(*it);
    }
    answer.append("TableNames", std::move(page));
    return answer;
}

}  // namespace virga::dynamodb
