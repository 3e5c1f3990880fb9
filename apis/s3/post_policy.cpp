#include "apis/s3/post_policy.hpp"

#include <set>

#include "emulator/base/encoding.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/time_format.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::s3 {

namespace errors = object::errors;

namespace {

constexpr std::string_view version_4_fields[] = {"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"};
constexpr std::string_view version_2_fields[] = {"policy", "AWSAccessKeyId", "signature"};
constexpr std::string_view uncovered_fields[] = {"policy", "file", "x-amz-signature", "awsaccesskeyid", "signature"};

// The conditions of one policy while they are checked.
struct Checker {
    const std::vector<FormField>& fields;
    std::string_view bucket;
    FormLimits limits{0, object::max_put_bytes};
    std::set<std::string> covered{};  // lower case

    void match(std::string_view operation, std::string_view name, const std::string& wanted) {
        std::string lower = to_lower(name);
        covered.insert(lower);
        const std::string* field = find_field(fields, lower);
        std::string value = lower == "bucket" ? std::string(bucket) : field ? *field : std::string();
        bool present = field || lower == "bucket";
        bool holds = present && (operation == "eq" ? value == wanted : value.starts_with(wanted));
        if (holds) return;
        Value shown(Array{operation, "$" + std::string(name), wanted});
        std::string text = "[";
        for (const Value& one : shown.as_array()) text += (text.size() > 1 ? ", " : "") + json::write(one);
        throw errors::access_denied("Invalid according to Policy: Policy Condition failed: " + text + "]");
    }

    void match_list(const Array& list) {
        if (list.size() != 3 || !list[0].is_string()) throw errors::invalid_policy_document("Invalid Policy: Invalid 3-Tuple Condition.");
        std::string operation = to_lower(list[0].as_string());
        if (operation == "content-length-range") return set_limits(list[1], list[2]);
        if (operation != "eq" && operation != "starts-with") throw errors::invalid_policy_document("Invalid Policy: Unknown Condition: '" + operation + "'.");
        if (!list[1].is_string() || !list[2].is_string() || !list[1].as_string().starts_with('$'))
            throw errors::invalid_policy_document("Invalid Policy: Invalid 3-Tuple Condition.");
        match(operation, std::string_view(list[1].as_string()).substr(1), list[2].as_string());
    }

    static std::uint64_t length(const Value& v) {
        std::string text = v.is_string() ? v.as_string() : json::write(v);
        if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
            throw errors::invalid_policy_document("Invalid Policy: Invalid content-length-range.");
        return std::stoull(text);
    }

    void set_limits(const Value& least, const Value& most) { limits = {length(least), std::min(length(most), object::max_put_bytes)}; }

    void check_covered() const {
        std::string extra = covered.contains("bucket") ? "" : "bucket";  // sent in the address
        for (const FormField& field : fields) {
            std::string name = to_lower(field.name);
            if (name.starts_with("x-ignore-") || covered.contains(name)) continue;
            bool free = false;
            for (std::string_view f : uncovered_fields) free = free || f == name;
            if (!free) extra += (extra.empty() ? "" : ", ") + field.name;
        }
        if (!extra.empty()) throw errors::access_denied("Invalid according to Policy: Extra input fields: " + extra);
    }
};

}  // namespace

const std::string* find_field(const std::vector<FormField>& fields, std::string_view name) {
    for (const FormField& field : fields)
        if (iequals(field.name, name)) return &field.value;
    return nullptr;
}

void check_signature_fields(const std::vector<FormField>& fields) {
    bool version_2 = find_field(fields, "AWSAccessKeyId") || find_field(fields, "signature");
    bool version_4 = false;
    for (std::string_view name : version_4_fields) version_4 = version_4 || (name != "policy" && find_field(fields, name));
    if (!version_2 && !version_4 && !find_field(fields, "policy")) return;
    auto need = [&](std::string_view name) {
        if (!find_field(fields, name)) throw errors::form_field_missing(name);
    };
    if (version_4)
        for (std::string_view name : version_4_fields) need(name);
    else
        for (std::string_view name : version_2_fields) need(name);
}

FormLimits check_policy(std::string_view policy, const std::vector<FormField>& fields, std::string_view bucket, TimeMs wall) {
    auto text = base64_decode(policy);
    Value document;
    if (!text || !json::try_parse(*text, document) || !document.is_object()) throw errors::invalid_policy_document("Invalid Policy: Invalid JSON.");
    if (!document.has("expiration")) throw errors::invalid_policy_document("Invalid Policy: Policy missing expiration.");
    auto expires = parse_iso8601(document.text("expiration"));
    if (!expires || document.text("expiration").find('T') == std::string_view::npos)
        throw errors::invalid_policy_document("Invalid Policy: Invalid 'expiration' value: '" + std::string(document.text("expiration")) + "'");
    const Value* conditions = document.find("conditions");
    if (!conditions || !conditions->is_array()) throw errors::invalid_policy_document("Invalid Policy: Policy missing conditions.");
    if (wall >= *expires) throw errors::access_denied("Invalid according to Policy: Policy expired.");
    Checker checker{fields, bucket};
    for (const Value& condition : conditions->as_array()) {
        if (condition.is_array()) {
            checker.match_list(condition.as_array());
            continue;
        }
        if (!condition.is_object() || condition.as_object().size() != 1 || !condition.as_object().begin()->value.is_string())
            throw errors::invalid_policy_document("Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        const auto& only = *condition.as_object().begin();
        checker.match("eq", only.name, only.value.as_string());
    }
    checker.check_covered();
    return checker.limits;
}

}  // namespace virga::s3
