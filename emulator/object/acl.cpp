#include "emulator/object/acl.hpp"

#include <algorithm>

#include "emulator/base/encoding.hpp"
#include "emulator/object/errors.hpp"
#include "emulator/object/limits.hpp"

namespace virga::object {

namespace {

Value group(std::string_view uri) { return Object{{"Type", "Group"}, {"URI", uri}}; }
Value grant(Value grantee, std::string_view permission) { return Object{{"Grantee", std::move(grantee)}, {"Permission", permission}}; }

bool is_group(std::string_view uri) { return uri == all_users || uri == authenticated_users || uri == log_delivery; }

bool is_permission(std::string_view p) { return p == "FULL_CONTROL" || p == "READ" || p == "WRITE" || p == "READ_ACP" || p == "WRITE_ACP"; }

// Grantees are made from what names them; a canonical id must be somebody's.
Value read_grantee(std::string_view kind, std::string_view value, const KnownUser& known, std::string_view argument) {
    if (kind == "id") {
        if (!known(value)) throw errors::invalid_argument("Invalid id", argument, value);
        return canonical_user(value);
    }
    if (kind == "uri") {
        if (!is_group(value)) throw errors::invalid_argument("Invalid group uri", argument, value);
        return group(value);
    }
    if (kind == "emailAddress") throw errors::unknown_email(value);
    throw errors::invalid_argument("Argument format not recognized", argument, value);
}

}  // namespace

Value canonical_user(std::string_view id) { return Object{{"ID", id}, {"Type", "CanonicalUser"}}; }

Value acl_of_owner(std::string_view owner) {
    return Object{{"Owner", Object{{"ID", owner}}}, {"Grants", Array{grant(canonical_user(owner), "FULL_CONTROL")}}};
}

Value canned_acl(std::string_view name, std::string_view owner, std::string_view bucket_owner, bool of_bucket) {
    Value acl = acl_of_owner(owner);
    Array& grants = acl["Grants"].as_array();
    if (name == "private" || name.empty()) return acl;
    if (name == "public-read") grants.push_back(grant(group(all_users), "READ"));
    else if (name == "public-read-write") {
        grants.push_back(grant(group(all_users), "READ"));
        grants.push_back(grant(group(all_users), "WRITE"));
    } else if (name == "authenticated-read") grants.push_back(grant(group(authenticated_users), "READ"));
    else if (name == "log-delivery-write" && of_bucket) {
        grants.push_back(grant(group(log_delivery), "WRITE"));
        grants.push_back(grant(group(log_delivery), "READ_ACP"));
    } else if (name == "aws-exec-read") grants.push_back(grant(canonical_user(exec_read_user), "READ"));
    else if (name == "bucket-owner-read") {
        if (!of_bucket && owner != bucket_owner) grants.push_back(grant(canonical_user(bucket_owner), "READ"));
    } else if (name == "bucket-owner-full-control") {
        if (!of_bucket && owner != bucket_owner) grants.push_back(grant(canonical_user(bucket_owner), "FULL_CONTROL"));
    } else {
        throw errors::invalid_argument("", "x-amz-acl", name);
    }
    return acl;
}

void add_header_grants(Array& grants, std::string_view header, std::string_view header_name, std::string_view permission, const KnownUser& known) {
    while (!header.empty()) {
        std::size_t end = std::min(header.find(','), header.size());
        std::string_view one = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        std::size_t eq = one.find('=');
        if (eq == std::string_view::npos) throw errors::invalid_argument("Argument format not recognized", header_name, one);
        std::string_view kind = trimmed(one.substr(0, eq)), value = trimmed(one.substr(eq + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (iequals(kind, "emailAddress")) kind = "emailAddress";
        grants.push_back(grant(read_grantee(kind, value, known, header_name), permission));
    }
}

Value read_acl_document(const Value& document, std::string_view owner, const KnownUser& known) {
    if (!document.is_object() || !document["Owner"].has("ID")) throw errors::malformed_acl();
    std::string_view named = document["Owner"].text("ID");
    if (named != owner) {
        if (!known(named)) throw errors::invalid_argument("Invalid id", "CanonicalUser/ID", named);
        throw errors::access_denied();
    }
    if (document.list("Grants").size() > max_acl_grants) throw errors::malformed_acl();
    Array grants;
    for (const Value& one : document.list("Grants")) {
        const Value& grantee = one["Grantee"];
        std::string_view permission = one.text("Permission"), type = grantee.text("Type");
        if (!is_permission(permission)) throw errors::malformed_acl();
        Value who;
        if (type == "CanonicalUser" && grantee.has("ID")) who = read_grantee("id", grantee.text("ID"), known, "CanonicalUser/ID");
        else if (type == "Group" && grantee.has("URI")) who = read_grantee("uri", grantee.text("URI"), known, "Group/URI");
        else if (type == "AmazonCustomerByEmail" && grantee.has("EmailAddress")) who = read_grantee("emailAddress", grantee.text("EmailAddress"), known, "");
        else throw errors::malformed_acl();
        grants.push_back(grant(std::move(who), permission));
    }
    return Object{{"Owner", Object{{"ID", owner}}}, {"Grants", std::move(grants)}};
}

bool is_public_acl(const Value& acl) {
    for (const Value& g : acl.list("Grants")) {
        std::string_view uri = g["Grantee"].text("URI");
        if (uri == all_users || uri == authenticated_users) return true;
    }
    return false;
}

bool acl_allows(const Value& acl, std::string_view user, std::string_view permission, bool ignore_public) {
    if (!user.empty() && acl["Owner"].text("ID") == user && permission.ends_with("_ACP")) return true;  // the owner may always look at and change the list
    for (const Value& g : acl.list("Grants")) {
        std::string_view what = g.text("Permission"), uri = g["Grantee"].text("URI");
        if (what != permission && what != "FULL_CONTROL") continue;
        if (!user.empty() && g["Grantee"].text("ID") == user) return true;
        if (ignore_public) continue;
        if (uri == all_users || (uri == authenticated_users && !user.empty())) return true;
    }
    return false;
}

Value access_block_document(const Value& given) {
    Object all;
    bool any = false;
    for (std::string_view name : {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}) {
        any = any || given.has(name);
        all.append(std::string(name), given.flag(name));
    }
    if (!any) throw errors::invalid_request("Must specify at least one configuration.");
    return all;
}

}  // namespace virga::object
