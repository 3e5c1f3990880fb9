// Amazon resource names.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace virga {

// "arn:<partition>:<service>:<region>:<account>:<resource>"; region and account may be empty.
struct Arn {
    std::string text, service, region, account, resource;

    // Nothing when `text` is none: five colons, a service and a resource.
    static std::optional<Arn> parse(std::string_view text);
    // What follows the first '/' (or ':') of the resource: "orders" of "table/orders" and of "function:orders"; all of it when there is none.
    std::string_view name() const;
};

}  // namespace virga
