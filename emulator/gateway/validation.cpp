#include "emulator/gateway/validation.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"
#include "emulator/gateway/fault.hpp"
#include "emulator/gateway/json_schema.hpp"
#include "emulator/gateway/media_type.hpp"

namespace virga::gateway {
namespace {

// A blank one counts as missing. Names are compared exactly, headers' too.
const std::string* sent(const Request& r, std::string_view source) {
    auto rest = [&](std::string_view prefix) { return source.substr(prefix.size()); };
    if (source.starts_with("method.request.header.")) return last_of(r.headers, rest("method.request.header."));
    if (source.starts_with("method.request.querystring.")) return last_of(r.query, rest("method.request.querystring."));
    if (source.starts_with("method.request.path.")) return last_of(r.match.parameters, rest("method.request.path."));
    if (source.starts_with("method.request.multivalueheader.")) return last_of(r.headers, rest("method.request.multivalueheader."));
    return last_of(r.query, source.substr(source.rfind('.') + 1));
}

void check_parameters(const Request& r, const Value& method) {
    std::vector<std::string> missing;
    for (const auto& [name, required] : method.object("requestParameters")) {
        if (!required.is_bool() || !required.as_bool()) continue;
        const std::string* value = sent(r, name);
        if (!value || value->find_first_not_of(' ') == std::string::npos) missing.push_back(name.substr(name.find('.', 15) + 1));
    }
    std::sort(missing.begin(), missing.end());
    if (!missing.empty()) throw missing_parameters(missing);
}

// The model is chosen by Content-Type; without one for it nothing is checked.
void check_body(const Request& r, const Value& method, const Snapshot& snapshot) {
    const std::string* type = header_of(r.headers, "Content-Type");
    const Value* model = method.object("requestModels").find(type ? media_type(*type) : "application/json");
    const Value* document = model && model->is_string() ? snapshot.models.find(model->as_string()) : nullptr;
    if (!document || document->text("schema").empty()) return;
    Value body, schema;
    if (!json::try_parse(document->text("schema"), schema)) return;
    if (!json::try_parse(r.body, body) || !conforms(body, schema, snapshot.models)) throw invalid_body();
}

}  // namespace

void validate_request(const Request& r, const Snapshot& snapshot) {
    const Value& method = *r.match.method;
    const Value* validator = snapshot.validators.find(method.text("requestValidatorId"));
    if (!validator) return;
    if (validator->flag("validateRequestParameters")) check_parameters(r, method);
    if (validator->flag("validateRequestBody")) check_body(r, method, snapshot);
}

}  // namespace virga::gateway
