// Policies attached to tables and streams. They are kept here; who may do what is the identity layer's affair.
#pragma once
#include <string>

#include "apis/dispatch/dispatcher.hpp"
#include "emulator/table/store.hpp"

namespace virga::dynamodb {

// Attaches a document; its revision. The same document again keeps the revision.
std::string put_policy(Context& ctx, table::WriteScope& scope, const std::string& arn, std::string_view document);

}  // namespace virga::dynamodb
