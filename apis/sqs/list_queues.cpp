#include "apis/sqs/operations.hpp"
#include "apis/sqs/target.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/queue/errors.hpp"
#include "emulator/queue/limits.hpp"

namespace virga::sqs {

namespace {

struct Page {
    std::int64_t limit;
    bool paged;         // only when the caller gave MaxResults
    std::string after;
};

Page page_of(const Value& input) {
    Page page{queue::limits::max_list_results, input.has("MaxResults"), {}};
    if (page.paged) {
        page.limit = input.integer("MaxResults");
        if (page.limit < 1 || page.limit > queue::limits::max_list_results)
            throw queue::invalid_parameter_text("Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.");
    }
    if (input.has("NextToken")) {
        if (!page.paged) throw queue::missing_parameter("MaxResults");
        auto after = read_page_token(input.text("NextToken"));
        if (!after) throw queue::invalid_parameter_text("Invalid or expired next token.");
        page.after = *after;
    }
    return page;
}

Value answer(const Context& ctx, const std::string& account, std::vector<std::string> names, const Page& page, const char* member) {
    Object output;
    bool more = static_cast<std::int64_t>(names.size()) > page.limit;
    if (more) names.resize(static_cast<std::size_t>(page.limit));
    Array urls;
    for (const auto& name : names) urls.push_back(queue_url(ctx, account, name));
    if (!urls.empty() || std::string_view(member) == "queueUrls") output.append(member, std::move(urls));
    if (more && page.paged) output.append("NextToken", page_token(names.back()));
    return output;
}

}  // namespace

Value get_queue_url(Context& ctx, const Value& input) {
    std::string name(input.text("QueueName"));
    std::string owner(input.text("QueueOwnerAWSAccountId", ctx.account()));
    auto to = target(ctx, Object{{"QueueUrl", "/" + owner + "/" + name}});
    auto reading = to.partition->read();
    need_queue(ctx, to, reading.db());
    return Object{{"QueueUrl", queue_url(ctx, owner, name)}};
}

Value list_queues(Context& ctx, const Value& input) {
    Page page = page_of(input);
    auto& queues = ctx.partition->part<queue::Queues>();
    std::vector<std::string> names;
    {
        auto reading = ctx.partition->read();
        names = queues.names(reading.db(), input.text("QueueNamePrefix"), page.after, page.limit + 1);
    }
    return answer(ctx, ctx.account(), std::move(names), page, "QueueUrls");
}

Value list_dead_letter_source_queues(Context& ctx, const Value& input) {
    Page page = page_of(input);
    auto to = target(ctx, input);
    std::vector<std::string> names;
    {
        auto reading = to.partition->read();
        auto queue = need_queue(ctx, to, reading.db());
        for (auto& name : to.queues.dead_letter_sources(reading.db(), to.queues.arn(*queue)))
            if (name > page.after && static_cast<std::int64_t>(names.size()) <= page.limit) names.push_back(name);
    }
    return answer(ctx, to.partition->account(), std::move(names), page, "queueUrls");
}

}  // namespace virga::sqs
