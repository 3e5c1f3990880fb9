// Text messages: settings, numbers that want none, the sandbox. No message leaves the emulator.
#include <algorithm>
#include <cctype>

#include "apis/sns/documents.hpp"
#include "apis/sns/operations.hpp"
#include "apis/sns/phone_number.hpp"
#include "emulator/base/page_token.hpp"
#include "emulator/topic/attributes.hpp"
#include "emulator/topic/errors.hpp"
#include "emulator/topic/limits.hpp"

namespace virga::sns {

namespace kind = topic::document_kind;

namespace {

constexpr std::string_view settings[] = {"DefaultSMSType", "DefaultSenderID", "DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate",
                                         "MonthlySpendLimit", "UsageReportS3Bucket"};

// Lets `change` have the documents of the partition in a transaction.
template <class Change>
Value change_documents(Context& ctx, Change change) {
    auto& store = ctx.partition->part<topic::Sent>();
    auto tx = ctx.partition->write();
    change(tx, store);
    tx.commit();
    return Object();
}

Value sandbox_number(Database& db, topic::Sent& store, std::string_view number) {
    Value found = store.find(db, kind::sandbox, number);
    if (found.is_null()) throw topic::no_such_sandbox_number();
    return found;
}

}  // namespace

Page read_page(topic::Sent& store, Database& db, const char* kind, std::string_view prefix, const Value& input, const char* token_name) {
    std::optional<std::string> after = std::string();
    if (input.has(token_name)) after = read_page_token(input.text(token_name));
    if (!after) throw topic::invalid(token_name);
    const auto limit = static_cast<std::size_t>(input.integer("MaxResults", static_cast<std::int64_t>(topic::limits::page)));
    Page page;
    page.documents = store.documents(db, kind, prefix, *after, limit + 1);
    if (page.documents.size() <= limit) return page;
    page.documents.resize(limit);
    page.next = page_token(page.documents.back().first);
    return page;
}

std::string checked_phone_number(std::string_view text) {
    if (!topic::is_phone_number(text)) throw topic::invalid("PhoneNumber Reason: input incorrectly formatted");
    std::string number = "+";
    std::copy_if(text.begin(), text.end(), std::back_inserter(number), [](unsigned char c) { return std::isdigit(c); });
    return number;
}

Value set_sms_attributes(Context& ctx, const Value& input) {
    for (const auto& [name, value] : input.object("attributes")) {
        if (std::find(std::begin(settings), std::end(settings), name) == std::end(settings))
            throw topic::invalid(name + " is not a valid attribute");  // form without a source
        if (name == "DefaultSMSType" && value.as_string() != "Promotional" && value.as_string() != "Transactional") throw topic::invalid(name);
    }
    return change_documents(ctx, [&](Transaction& tx, topic::Sent& store) {
        Value kept = store.find(tx.db(), kind::sms_settings, "");
        for (const auto& [name, value] : input.object("attributes")) kept[name] = value;
        if (kept.is_object()) store.save(tx, kind::sms_settings, "", kept);
    });
}

Value get_sms_attributes(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<topic::Sent>();
    auto reading = ctx.partition->read();
    Value kept = store.find(reading.db(), kind::sms_settings, "");
    if (!kept.has("MonthlySpendLimit")) kept["MonthlySpendLimit"] = "1";  // "the default quota is $1.00"
    const Array& wanted = input.list("attributes");
    auto unwanted = [&](const auto& m) { return std::find(wanted.begin(), wanted.end(), Value(m.name)) == wanted.end(); };
    if (!wanted.empty()) std::erase_if(kept.as_object().members(), unwanted);
    return Object{{"attributes", std::move(kept)}};
}

Value check_if_phone_number_is_opted_out(Context& ctx, const Value& input) {
    const std::string number = checked_phone_number(input.text("phoneNumber"));
    auto& store = ctx.partition->part<topic::Sent>();
    auto reading = ctx.partition->read();
    return Object{{"isOptedOut", !store.find(reading.db(), kind::opted_out, number).is_null()}};
}

Value opt_in_phone_number(Context& ctx, const Value& input) {
    const std::string number = checked_phone_number(input.text("phoneNumber"));
    return change_documents(ctx, [&](Transaction& tx, topic::Sent& store) { store.remove(tx, kind::opted_out, number); });
}

Value list_phone_numbers_opted_out(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<topic::Sent>();
    auto reading = ctx.partition->read();
    const Page page = read_page(store, reading.db(), kind::opted_out, "", input, "nextToken");
    Array numbers;
    for (const auto& [number, nothing] : page.documents) numbers.push_back(number);
    Value out = Object{{"phoneNumbers", std::move(numbers)}};
    if (page.next) out["nextToken"] = *page.next;
    return out;
}

// ---- the sandbox: numbers are verified with a password that is sent to them ----

Value create_sms_sandbox_phone_number(Context& ctx, const Value& input) {
    const std::string number = checked_phone_number(input.text("PhoneNumber"));
    const std::string password = ctx.random.text(6, "0123456789");
    return change_documents(ctx, [&](Transaction& tx, topic::Sent& store) {
        store.save(tx, kind::sandbox, number, Object{{"Status", "Pending"}, {"Password", password}});
        store.add(tx, topic::sent_kind::sms, number, Object{{"MessageId", ctx.random.uuid()}, {"PhoneNumber", number},
                                                            {"Message", "Your verification code is " + password}});
    });
}

Value verify_sms_sandbox_phone_number(Context& ctx, const Value& input) {
    const std::string number = checked_phone_number(input.text("PhoneNumber"));
    return change_documents(ctx, [&](Transaction& tx, topic::Sent& store) {
        Value kept = sandbox_number(tx.db(), store, number);
        if (kept.text("Password") != input.text("OneTimePassword")) throw topic::wrong_password();
        kept["Status"] = "Verified";
        store.save(tx, kind::sandbox, number, kept);
    });
}

Value delete_sms_sandbox_phone_number(Context& ctx, const Value& input) {
    const std::string number = checked_phone_number(input.text("PhoneNumber"));
    return change_documents(ctx, [&](Transaction& tx, topic::Sent& store) {
        if (!store.remove(tx, kind::sandbox, number)) throw topic::no_such_sandbox_number();
    });
}

Value list_sms_sandbox_phone_numbers(Context& ctx, const Value& input) {
    auto& store = ctx.partition->part<topic::Sent>();
    auto reading = ctx.partition->read();
    const Page page = read_page(store, reading.db(), kind::sandbox, "", input, "NextToken");
    Array numbers;
    for (const auto& [number, kept] : page.documents) numbers.push_back(Object{{"PhoneNumber", number}, {"Status", kept["Status"]}});
    Value out = Object{{"PhoneNumbers", std::move(numbers)}};
    if (page.next) out["NextToken"] = *page.next;
    return out;
}

// Every account is out of the sandbox: any number can be published to.
Value get_sms_sandbox_account_status(Context&, const Value&) { return Object{{"IsInSandbox", false}}; }

// Numbers are bought of another service: nobody has one.
Value list_origination_numbers(Context&, const Value&) { return Object{{"PhoneNumbers", Array()}}; }

}  // namespace virga::sns
