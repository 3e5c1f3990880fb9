// The table of contents: every service virga has.
#pragma once

namespace virga {

class Dispatcher;
class World;

// Adds every service to the dispatcher and its background work to the world. Call once, before the first request.
void register_services(Dispatcher& dispatcher, World& world);

// One per folder, defined in apis/<service>/service.cpp.
void register_dynamodb(Dispatcher& dispatcher, World& world);
void register_kinesis(Dispatcher& dispatcher, World& world);
void register_events(Dispatcher& dispatcher, World& world);
void register_sns(Dispatcher& dispatcher, World& world);
void register_sqs(Dispatcher& dispatcher, World& world);
void register_s3(Dispatcher& dispatcher, World& world);
void register_s3_forms(Dispatcher& dispatcher);  // after every other route
void register_s3control(Dispatcher& dispatcher, World& world);
void register_lambda(Dispatcher& dispatcher, World& world);
void register_apigateway(Dispatcher& dispatcher, World& world);
void register_sts(Dispatcher& dispatcher, World& world);
void register_iam(Dispatcher& dispatcher, World& world);
void register_pipes(Dispatcher& dispatcher, World& world);
void register_scheduler(Dispatcher& dispatcher, World& world);
void register_firehose(Dispatcher& dispatcher, World& world);
void register_schemas(Dispatcher& dispatcher, World& world);
void register_kms(Dispatcher& dispatcher, World& world);
void register_logs(Dispatcher& dispatcher, World& world);

}  // namespace virga
