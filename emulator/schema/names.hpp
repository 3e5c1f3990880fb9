// Names of things, as programming languages like them.
#pragma once
#include <set>
#include <string>
#include <string_view>

namespace virga::schema {

// "created at" -> "CreatedAt"
std::string pascal(std::string_view text);
// "EC2 instance-id", "orderId" -> "ec2_instance_id", "order_id"
std::string snake(std::string_view text);
// "detail-type", "order_id" -> "detailType", "orderId"
std::string camel(std::string_view text);
// The name itself, with '_' before a digit at its beginning and behind it as often as it takes to be new; it is in `used` then.
std::string fresh(std::string name, std::set<std::string>& used);

}  // namespace virga::schema
