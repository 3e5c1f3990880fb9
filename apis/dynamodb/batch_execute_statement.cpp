#include "apis/dynamodb/operations.hpp"

#include <algorithm>
#include <optional>

#include "apis/dynamodb/errors.hpp"
#include "apis/dynamodb/statement.hpp"

namespace virga::dynamodb {

using namespace table;

namespace {

struct Member {
    const Value* given;
    std::optional<StatementRequest> request;
    Object response;
};

// Errors of a member by their codes within a batch.
std::string_view short_code(std::string_view code) {
    static constexpr struct {
        std::string_view code, in_batch;
    } codes[] = {{"ValidationException", "ValidationError"},
                 {"ConditionalCheckFailedException", "ConditionalCheckFailed"},
                 {"DuplicateItemException", "DuplicateItem"},
                 {"ResourceNotFoundException", "ResourceNotFound"},
                 {"ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"},
                 {"ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"},
                 {"TransactionConflictException", "TransactionConflict"},
                 {"ThrottlingException", "ThrottlingError"}};
    for (const auto& c : codes)
        if (c.code == code) return c.in_batch;
    return "InternalServerError";
}

void fail(Member& member, const ApiError& e) {
    Object error{{"Code", short_code(e.code)}, {"Message", e.message}};
    if (const Value* item = e.fields.find("Item")) error.append("Item", *item);
    member.response["Error"] = std::move(error);
    member.request.reset();
}

void read_members(std::vector<Member>& members) {
    bool reads = false, writes = false;
    for (Member& m : members) {
        try {
            m.request = read_statement(*m.given);
            (m.request->reads() ? reads : writes) = true;
            if (m.request->statement.kind == partiql::Statement::Kind::exists)
                throw errors::exists_outside_transaction();
        } catch (const ApiError& e) {
            fail(m, e);
        }
    }
    if (reads && writes) throw errors::reads_and_writes_in_batch();
}

// Members that ran say on which table, also when they failed then.
void run_read(Context& ctx, Database& db, Member& m, ConsumedByTable& consumed) {
    const TablePtr table = require_table(ctx, db, m.request->statement.table);
    const bool consistent = m.given->flag("ConsistentRead");
    statement_index(*table, *m.request, consistent);
    const ItemKey key = selected_item(*table, *m.request, errors::select_without_key("BatchExecuteStatement"));
    const std::string item = read_item(db, *table, key);
    m.response.append("TableName", table->name);
    if (!item.empty()) m.response.append("Item", selected_columns(*m.request, ItemView(item)));
    consumed.of(table).add_table(read_units(item.empty() ? 0 : item_size(ItemView(item)), consistent ? 1.0 : 0.5));
}

struct PreparedMember {
    Member* member;
    TablePtr table;
    ItemWrite write;
    std::string place;  // table and key: no two members may write one item
};

void run_write(Context& ctx, WriteScope& scope, PreparedMember& p, ConsumedByTable& consumed) {
    Member& m = *p.member;
    const PlannedWrite plan = plan_write(scope, p.table, p.write);
    m.response.append("TableName", p.table->name);
    switch (outcome_of(*m.request, plan)) {
        case Outcome::duplicate: throw errors::duplicate_item();
        case Outcome::condition_failed: throw condition_failure(plan, m.given->text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD");
        case Outcome::done: break;
    }
    const WriteEffect effect = perform_write(scope, plan, {ctx.now(), ctx.trace(), false});
    consumed.of(p.table).add_write(effect);
    if (Object item = returned_item(*m.request, plan); !item.empty()) m.response.append("Item", std::move(item));
}

void run_writes(Context& ctx, std::vector<Member>& members, ConsumedByTable& consumed) {
    WriteScope scope(store(ctx));
    std::vector<PreparedMember> prepared;
    for (Member& m : members) {
        if (!m.request) continue;
        try {
            TablePtr table = require_table(ctx, scope.db(), m.request->statement.table);
            ItemWrite write = prepare_statement(*table, *m.request);
            const ItemKey key = stored_key(*table, ItemView(write.item));
            std::string place = std::to_string(table->id) + ':' + std::to_string(key.hk.size()) + key.hk + key.rk;
            prepared.push_back({&m, std::move(table), std::move(write), std::move(place)});
        } catch (const ApiError& e) {
            fail(m, e);
        }
    }
    for (std::size_t i = 0; i < prepared.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (prepared[i].place == prepared[j].place) throw errors::duplicate_keys();
    for (PreparedMember& p : prepared) {
        try {
            run_write(ctx, scope, p, consumed);
        } catch (const ApiError& e) {
            fail(*p.member, e);
        }
    }
    scope.commit();
}

}  // namespace

Value batch_execute_statement(Context& ctx, const Value& input) {
    // 1. Validate what needs no table; each member fails by itself.
    std::vector<Member> members;
    for (const Value& statement : input.list("Statements")) members.push_back({&statement, {}, {}});
    read_members(members);

    // 2. Run those that are left.
    ConsumedByTable consumed;
    const bool reads = std::any_of(members.begin(), members.end(), [](const Member& m) { return m.request && m.request->reads(); });
    if (reads) {
        ReadScope reading(store(ctx));
        for (Member& m : members) {
            if (!m.request) continue;
            try {
                run_read(ctx, reading.db(), m, consumed);
            } catch (const ApiError& e) {
                fail(m, e);
            }
        }
    } else {
        run_writes(ctx, members, consumed);
    }

    // 3. Answer.
    Array responses;
    for (Member& m : members) responses.push_back(std::move(m.response));
    Object answer{{"Responses", std::move(responses)}};
    if (auto mode = capacity_mode(input); mode != "NONE") answer.append("ConsumedCapacity", consumed.describe(mode));
    return answer;
}

}  // namespace virga::dynamodb
