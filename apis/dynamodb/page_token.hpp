// NextTokens of lists: where the last page ended, as text that says nothing to a reader.
#pragma once
#include <string>
#include <string_view>

namespace virga::dynamodb {

// Hex, padded to a multiple of 16 digits and to 112 at least, as ListImports' model demands.
std::string page_token(std::string_view place);
// The place; "" for no token. Throws ValidationException for one that was not made here.
std::string read_page_token(std::string_view token);

}  // namespace virga::dynamodb
