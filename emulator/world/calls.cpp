#include "emulator/world/calls.hpp"

namespace virga {

Call service_call(std::string service, std::string operation, const PartitionId& partition, std::string by, Value input, TraceContext trace) {
    Call call;
    call.service = std::move(service);
    call.operation = std::move(operation);
    call.partition = partition;
    call.principal.account = partition.account;
    call.principal.arn = by;
    call.principal.user_id = by;
    call.principal.service = std::move(by);
    call.input = std::move(input);
    call.trace = std::move(trace);
    return call;
}

}  // namespace virga
