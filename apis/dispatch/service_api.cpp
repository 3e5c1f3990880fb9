#include <algorithm>
#include <stdexcept>

#include "apis/dispatch/dispatcher.hpp"

namespace virga {

namespace {
std::size_t index_of(const model::Service& model, std::string_view operation) {
    model::Operation op = model.find(operation);
    if (!op) throw std::logic_error("the model of " + std::string(model.id()) + " has no operation " + std::string(operation));
    return op.index();
}
}  // namespace

ServiceApi::ServiceApi(const model::Service& model) : model_(model), entries_(model.operation_count()) {}

void ServiceApi::on(std::string_view operation, SyncOperation f) { entries_[index_of(model_, operation)].sync = std::move(f); }

void ServiceApi::on_async(std::string_view operation, AsyncOperation f) { entries_[index_of(model_, operation)].async = std::move(f); }

void ServiceApi::on_stream(std::string_view operation, StreamOperation f) { entries_[index_of(model_, operation)].stream = std::move(f); }

bool ServiceApi::is_public(const model::Operation& op) const {
    return serves_public || std::find(public_operations.begin(), public_operations.end(), op.name()) != public_operations.end();
}

bool ServiceApi::implements(const model::Operation& op) const {
    const Entry& e = entries_[op.index()];
    return e.sync || e.async || e.stream;
}

}  // namespace virga
