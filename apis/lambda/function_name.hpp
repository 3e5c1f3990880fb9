// How a request names a function: name, name:qualifier, account:function:name[:qualifier] or an ARN.
#pragma once
#include <memory>
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/function/function_store.hpp"

namespace virga {

struct FunctionRef {
    std::shared_ptr<Partition> partition;
    std::string name;
    std::string qualifier;  // "" when none was given

    FunctionStore& store() const { return partition->part<FunctionStore>(); }
    std::string arn() const { return partition->arn("lambda", "function:" + name); }
    std::string qualified_arn() const { return qualifier.empty() ? arn() : arn() + ":" + qualifier; }
};

// Reads input.FunctionName and input.Qualifier. Throws when they contradict each other or name another region.
FunctionRef function_ref(Context& ctx, const Value& input);
FunctionRef function_ref(World& world, const PartitionId& here, std::string_view name, std::string_view qualifier);

// The version a qualifier means: "$LATEST", a number, or what an alias points to (`draw` in [0,1) chooses between its versions). "" when there
// is no such function, version or alias.
std::string version_of(const FunctionRef& ref, double draw);

// A version's document for an answer, with `arn` as its FunctionArn; throws function_not_found.
Value require_configuration(Database& db, const FunctionRef& ref);
bool is_version(std::string_view qualifier);  // "$LATEST" or digits

}  // namespace virga
