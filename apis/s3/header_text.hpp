// Text beyond ASCII in header values: RFC 2047 encoded words, as the service reads and writes them.
#pragma once
#include <string>
#include <string_view>

namespace virga::s3 {

// "=?UTF-8?Q?caf=C3=A9?=" gives "café". Other text stays; bytes that are no UTF-8 are taken for Latin-1.
std::string decode_header_text(std::string_view raw);
// ASCII stays as it is, anything else becomes one encoded word: Q, or B where it holds control characters.
std::string encode_header_text(std::string_view text);

}  // namespace virga::s3
