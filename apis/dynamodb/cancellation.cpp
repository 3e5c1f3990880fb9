#include "apis/dynamodb/cancellation.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace virga::dynamodb {

std::optional<CancellationReason> run_time_reason(const ApiError& error, bool& told) {
    static constexpr struct {
        std::string_view error, reason;
    } reasons[] = {
        {"ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"},
        {"TransactionConflictException", "TransactionConflict"},
        {"ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"},
        {"ThrottlingException", "ThrottlingError"},
    };
    for (const auto& r : reasons)
        if (error.code == r.error) return CancellationReason{std::string(r.reason), error.message, {}};
    if (std::exchange(told, true)) return std::nullopt;
    return CancellationReason{"ValidationError", error.message, {}};
}

ApiError cancelled(const std::vector<CancellationReason>& reasons) {
    std::vector<std::string_view> codes;
    Array list;
    for (const CancellationReason& r : reasons) {
        codes.push_back(r.code);
        Object reason{{"Code", r.code}};
        if (!r.message.empty()) reason.append("Message", r.message);
        if (!r.item.empty()) reason.append("Item", r.item);
        list.push_back(std::move(reason));
    }
    return ApiError("TransactionCanceledException", 400,
                    fmt::format("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", fmt::join(codes, ", ")),
                    Object{{"CancellationReasons", std::move(list)}});
}

}  // namespace virga::dynamodb
