#include "apis/sqs/target.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/queue/errors.hpp"

namespace virga::sqs {

namespace {

std::string region_label(std::string_view host) {
    auto label = [&](std::size_t n) {
        std::string_view rest = host;
        for (; n > 0; --n) {
            auto dot = rest.find('.');
            if (dot == std::string_view::npos) return std::string_view();
            rest.remove_prefix(dot + 1);
        }
        return rest.substr(0, rest.find_first_of(".:"));
    };
    auto is_region = [](std::string_view s) { return std::count(s.begin(), s.end(), '-') >= 2; };
    if (label(0) == "sqs" && is_region(label(1))) return std::string(label(1));
    if (label(1) == "queue" && is_region(label(0))) return std::string(label(0));
    return {};
}

bool is_account(std::string_view text) {
    return text.size() == 12 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool speaks_query(const Context& ctx) {
    return ctx.call.http && (ctx.call.http->request.method == "GET" ||
                             starts_with_i(ctx.call.http->request.headers.get("content-type"), "application/x-www-form-urlencoded"));
}

}  // namespace

std::optional<QueueUrl> parse_queue_url(std::string_view url) {
    QueueUrl parsed;
    auto scheme = url.find("://");
    if (scheme != std::string_view::npos) {
        url.remove_prefix(scheme + 3);
        auto slash = url.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        parsed.region = region_label(url.substr(0, slash));
        url.remove_prefix(slash);
    }
    auto last = url.rfind('/');
    if (last == std::string_view::npos) return std::nullopt;
    parsed.name = percent_decode(url.substr(last + 1));
    std::string_view before = url.substr(0, last);
    auto previous = before.rfind('/');
    parsed.account = previous == std::string_view::npos ? before : before.substr(previous + 1);
    if (parsed.name.empty() || !is_account(parsed.account)) return std::nullopt;
    return parsed;
}

std::string queue_url(const Context& ctx, std::string_view account, std::string_view name) {
    std::string url = ctx.call.endpoint.empty() ? ctx.world.options.endpoint : ctx.call.endpoint;
    url += '/';
    url += account;
    url += '/';
    url += name;
    return url;
}

ApiError no_such_queue(const Context& ctx) {
    ApiError error = queue::queue_does_not_exist();
    if (speaks_query(ctx)) error.message = "The specified queue does not exist for this wsdl version.";
    return error;
}

Target target(Context& ctx, const Value& input) {
    auto url = parse_queue_url(input.text("QueueUrl"));
    if (!url) throw queue::invalid_address(input.text("QueueUrl"));
    std::shared_ptr<Partition> partition = ctx.partition;
    PartitionId wanted{url->account, url->region.empty() ? ctx.region() : url->region};
    if (wanted != partition->id()) {
        // Another account's queue: looked for, never made.
        partition = ctx.world.find_partition(wanted);
        if (!partition) throw no_such_queue(ctx);
    }
    ctx.resource = partition->arn("sqs", url->name);
    auto& queues = partition->part<queue::Queues>();
    return {std::move(partition), queues, url->name};
}

queue::QueuePtr need_queue(Context& ctx, const Target& target, Database& db) {
    auto queue = target.queues.find(db, target.name);
    if (!queue) throw no_such_queue(ctx);
    return queue;
}

void check_required(const model::Operation& operation, const Value& input) {
    auto shape = operation.input();
    if (!shape) return;
    for (std::size_t i = 0; i < shape.member_count(); ++i) {
        auto member = shape.member(i);
        if (member->required && !input.has(member.name())) throw queue::missing_parameter(member.name());
    }
}

}  // namespace virga::sqs
