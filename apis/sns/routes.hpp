// Addresses beside the API.
#pragma once
#include "apis/dispatch/dispatcher.hpp"

namespace virga::sns {

// Where SigningCertURL leads: /SimpleNotificationService-<digits>.pem.
HttpRoute certificate_route(World& world);
// /_aws/sns/sms-messages, platform-endpoint-messages and subscription-tokens/<arn>, as LocalStack has them: what phones and devices would have
// got, and the tokens that confirm subscriptions. email-messages and PUT opted-out/<number> are
// virga's own.
HttpRoute records_route(World& world);

}  // namespace virga::sns
