// Published versions.
#pragma once
#include <optional>
#include <string>

#include "apis/lambda/function_name.hpp"

namespace virga {

// Makes a version of $LATEST (whose document is `config`) and answers its document; the newest version when nothing changed since.
Value publish(Context& ctx, Database& db, const FunctionRef& ref, const Value& config, std::optional<std::string> description);

}  // namespace virga
