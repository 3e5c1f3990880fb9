#include "emulator/gateway/template.hpp"

namespace virga::gateway {

Template Template::parse(std::string_view text) {
    if (text.find_first_of("$#") != std::string_view::npos) throw TemplateError("references and directives are not supported");
    Template t;
    t.literal_ = text;
    return t;
}

TemplateOutput Template::render(const TemplateInput&) const { return {literal_}; }

}  // namespace virga::gateway
