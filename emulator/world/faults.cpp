#include "emulator/world/faults.hpp"

#include <algorithm>

namespace virga {

namespace {
bool fits(const std::string& wanted, std::string_view actual) { return wanted.empty() || wanted == actual; }
}  // namespace

std::uint64_t Faults::add(Fault fault) {
    std::lock_guard lock(mutex_);
    fault.id = next_id_++;
    faults_.push_back(std::move(fault));
    any_ = true;
    return faults_.back().id;
}

std::vector<Fault> Faults::list() const {
    std::lock_guard lock(mutex_);
    return faults_;
}

bool Faults::remove(std::uint64_t id) {
    std::lock_guard lock(mutex_);
    bool found = std::erase_if(faults_, [&](const Fault& f) { return f.id == id; }) != 0;
    any_ = !faults_.empty();
    return found;
}

void Faults::clear() {
    std::lock_guard lock(mutex_);
    faults_.clear();
    any_ = false;
}

std::optional<ApiError> Faults::strike(std::string_view account, std::string_view region, std::string_view service,
                                       std::string_view operation, std::string_view resource, Random& random) {
    if (!any()) return std::nullopt;
    std::lock_guard lock(mutex_);
    for (Fault& f : faults_) {
        if (f.remaining == 0 || !fits(f.account, account) || !fits(f.region, region) || !fits(f.service, service) || !fits(f.operation, operation))
            continue;
        if (!f.resource.empty() && resource.find(f.resource) == std::string_view::npos) continue;
        if (f.skip > 0) {
            --f.skip;
            continue;
        }
        if (f.probability < 1.0 && random.unit() >= f.probability) continue;
        if (f.remaining > 0) --f.remaining;
        ++f.struck;
        return ApiError(f.code, f.status, f.message);
    }
    return std::nullopt;
}

}  // namespace virga
