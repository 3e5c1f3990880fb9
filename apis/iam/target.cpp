#include "apis/iam/target.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/identity/limits.hpp"

namespace virga::iam {

Account account(Context& ctx) {
    auto partition = identity::global_partition(ctx.world, ctx.account());
    auto& identity = partition->part<identity::Identity>();
    return {std::move(partition), identity};
}

const char* name_member(Kind kind) {
    switch (kind) {
        case Kind::role: return "RoleName";
        case Kind::user: return "UserName";
        case Kind::group: return "GroupName";
        case Kind::instance_profile: return "InstanceProfileName";
    }
    return "";
}

std::string entity_name(const Value& input, Kind kind) { return std::string(input.text(name_member(kind))); }

std::string encoded_document(std::string_view document) { return percent_encode(document); }

Object read_tags(const Value& input) {
    Object tags;
    for (const auto& tag : input.list("Tags")) tags[tag.text("Key")] = tag.text("Value");
    return tags;
}

Array tag_list(const Object& tags) {
    Array list;
    for (const auto& [key, value] : tags) list.push_back(Object{{"Key", key}, {"Value", value}});
    return list;
}

Value paged(const Value& input, const char* member, Array items) {
    // The marker is the number of items before the page; the lists are in the order of their names.
    std::size_t start = 0;
    if (input.has("Marker")) {
        auto text = base64_decode(input.text("Marker"));
        if (!text || text->empty() || text->size() > 9 || text->find_first_not_of("0123456789") != std::string::npos) throw identity::invalid_marker();
        start = std::min(static_cast<std::size_t>(std::stoul(*text)), items.size());
    }
    auto limit = static_cast<std::size_t>(input.integer("MaxItems", identity::limits::page));
    std::size_t end = std::min(items.size(), start + limit);
    bool more = end < items.size();
    Array page(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(start)), std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(end)));
    Object output{{member, std::move(page)}, {"IsTruncated", more}};
    if (more) output.append("Marker", base64_encode(std::to_string(end)));
    return output;
}

namespace {
void append_boundary_and_tags(Object& output, const Entity& e) {
    if (!e.boundary.empty())
        output.append("PermissionsBoundary", Object{{"PermissionsBoundaryType", "Policy"}, {"PermissionsBoundaryArn", e.boundary}});
    if (!e.tags.empty()) output.append("Tags", tag_list(e.tags));
}
}  // namespace

Object role_answer(const identity::Identity& identity, const Entity& role, bool detailed) {
    Object output{{"Path", role.path},
                  {"RoleName", role.name},
                  {"RoleId", role.id},
                  {"Arn", identity.arn(role)},
                  {"CreateDate", Timestamp{role.created}},
                  {"AssumeRolePolicyDocument", encoded_document(role.document)}};
    if (!role.description.empty()) output.append("Description", role.description);
    if (role.max_session) output.append("MaxSessionDuration", role.max_session);
    if (!detailed) return output;  // lists leave boundary, tags and last use out
    append_boundary_and_tags(output, role);
    output.append("RoleLastUsed", Object());
    return output;
}

Object user_answer(const identity::Identity& identity, const Entity& user, bool detailed) {
    Object output{{"Path", user.path}, {"UserName", user.name}, {"UserId", user.id}, {"Arn", identity.arn(user)}, {"CreateDate", Timestamp{user.created}}};
    if (detailed) append_boundary_and_tags(output, user);
    return output;
}

Object group_answer(const identity::Identity& identity, const Entity& group) {
    return {{"Path", group.path}, {"GroupName", group.name}, {"GroupId", group.id}, {"Arn", identity.arn(group)}, {"CreateDate", Timestamp{group.created}}};
}

Object profile_answer(identity::Identity& identity, Database& db, const Entity& profile) {
    Array roles;
    for (const auto& role : identity.members(db, profile, Kind::role)) roles.push_back(role_answer(identity, role, false));
    Object output{{"Path", profile.path},
                  {"InstanceProfileName", profile.name},
                  {"InstanceProfileId", profile.id},
                  {"Arn", identity.arn(profile)},
                  {"CreateDate", Timestamp{profile.created}},
                  {"Roles", std::move(roles)}};
    if (!profile.tags.empty()) output.append("Tags", tag_list(profile.tags));
    return output;
}

}  // namespace virga::iam
