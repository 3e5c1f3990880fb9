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
// The name itself, cut to what file names may hold, with `prefix` when it is empty or begins with a digit, and with "_", "_2", .. behind it when it is
// in `used`; it is there then.
std::string fresh(std::string name, std::set<std::string>& used, std::string_view prefix);

}  // namespace virga::schema
