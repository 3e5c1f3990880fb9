// UpdateContributorInsights, DescribeContributorInsights, ListContributorInsights: recorded, nothing is measured.
#include <fmt/format.h>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/operations.hpp"
#include "apis/dynamodb/page_token.hpp"
#include "apis/dynamodb/request.hpp"
#include "emulator/table/lifecycle.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

constexpr const char* setting = "ContributorInsights";  // index name ("" = the table) -> {enabled, mode, at}
constexpr std::string_view all_keys = "ACCESSED_AND_THROTTLED_KEYS";

void check_index(const Table& t, std::string_view index) {
    const Index* known = t.find_index(index);
    if (!index.empty() && (!known || !known->global)) throw errors::no_such_index_to_change(t.name, index);
}

std::string_view status(Context& ctx, const Value& insights) {
    const bool enabled = insights.flag("enabled");
    if (ctx.now() < insights.integer("at") + delays(ctx.world).insights) return enabled ? "ENABLING" : "DISABLING";
    return enabled ? "ENABLED" : "DISABLED";
}

// Names as the service gives its CloudWatch rules: most accessed and most throttled keys, partition and sort.
Array rules(const Table& t, std::string_view index, const Value& insights) {
    Array out;
    const std::string what = index.empty() ? t.name : fmt::format("{}-{}", t.name, index);
    const bool sorted = index.empty() ? t.range.has_value() : !t.find_index(index)->range.empty();
    for (std::string_view kind : {"PKC", "SKC", "PKT", "SKT"}) {
        if (kind[0] == 'S' && !sorted) continue;
        if (kind[2] == 'C' && insights.text("mode") != all_keys) continue;
        out.push_back(fmt::format("DynamoDBContributorInsights-{}-{}-{}", kind, what, insights.integer("at")));
    }
    return out;
}

Object head(const Table& t, std::string_view index) {
    Object out{{"TableName", t.name}};
    if (!index.empty()) out.append("IndexName", index);
    return out;
}

}  // namespace

Value update_contributor_insights(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    const std::string index(input.text("IndexName"));
    const bool enable = input.text("ContributorInsightsAction") == "ENABLE";
    WriteScope scope(store(ctx));
    Table t = *require_described_table(ctx, scope.db(), name);
    check_index(t, index);
    Value& all = t.recorded[setting];
    const Value& before = all[index];
    std::string mode(input.text("ContributorInsightsMode", before.text("mode", all_keys)));
    all[index] = Object{{"enabled", enable}, {"mode", mode}, {"at", ctx.now()}};
    scope.store.save(scope.db(), t);
    scope.commit();
    Object answer = head(t, index);
    answer.append("ContributorInsightsStatus", enable ? "ENABLING" : "DISABLING");
    answer.append("ContributorInsightsMode", std::move(mode));
    return answer;
}

Value describe_contributor_insights(Context& ctx, const Value& input) {
    const std::string name = table_name(ctx, input);
    const std::string_view index = input.text("IndexName");
    ReadScope reading(store(ctx));
    TablePtr t = require_described_table(ctx, reading.db(), name);
    check_index(*t, index);
    Object answer = head(*t, index);
    const Value* all = t->recorded.find(setting);
    const Value* insights = all ? all->find(index) : nullptr;
    if (!insights) {
        answer.append("ContributorInsightsStatus", "DISABLED");
        return answer;
    }
    if (insights->flag("enabled")) answer.append("ContributorInsightsRuleList", rules(*t, index, *insights));
    answer.append("ContributorInsightsStatus", status(ctx, *insights));
    answer.append("LastUpdateDateTime", Timestamp{insights->integer("at")});
    answer.append("ContributorInsightsMode", (*insights)["mode"]);
    return answer;
}

Value list_contributor_insights(Context& ctx, const Value& input) {
    // 1. Validate.
    const std::string only = input.has("TableName") ? table_name(ctx, input) : std::string();
    const std::int64_t limit = input.integer("MaxResults", 100);
    if (limit < 1) throw errors::at_least("maxResults", limit, 1);  // the API model has no least value
    const std::string after = read_page_token(input.text("NextToken"));

    // 2. Look up, in the order of table and index.
    std::vector<std::pair<std::string, Object>> found;
    {
        ReadScope reading(store(ctx));
        if (!only.empty()) require_described_table(ctx, reading.db(), only);
        for (const std::string& name : store(ctx).names(reading.db())) {
            if (!only.empty() && name != only) continue;
            TablePtr t = store(ctx).find(reading.db(), name);
            const Value* all = t->recorded.find(setting);
            if (!all) continue;
            for (const auto& m : all->as_object()) {
                Object summary = head(*t, m.name);
                summary.append("ContributorInsightsStatus", status(ctx, m.value));
                summary.append("ContributorInsightsMode", m.value["mode"]);
                if (std::string place = name + '/' + m.name; place > after) found.emplace_back(std::move(place), std::move(summary));
            }
        }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

    // 3. Answer.
    Array page;
    const std::size_t shown = std::min(found.size(), static_cast<std::size_t>(limit));
    for (std::size_t i = 0; i < shown; ++i) page.push_back(std::move(found[i].second));
    Object answer{{"ContributorInsightsSummaries", std::move(page)}};
    if (found.size() > shown) answer.append("NextToken", page_token(found[shown - 1].first));
    return answer;
}

}  // namespace virga::dynamodb
