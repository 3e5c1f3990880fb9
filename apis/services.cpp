#include "apis/services.hpp"

namespace virga {

void register_services(Dispatcher& dispatcher, World& world) {
    register_sts(dispatcher, world);
    register_iam(dispatcher, world);
    register_kms(dispatcher, world);
    register_dynamodb(dispatcher, world);
    register_kinesis(dispatcher, world);
    register_sqs(dispatcher, world);
    register_sns(dispatcher, world);
    register_events(dispatcher, world);
    register_pipes(dispatcher, world);
    register_scheduler(dispatcher, world);
    register_schemas(dispatcher, world);
    register_s3(dispatcher, world);
    register_s3control(dispatcher, world);
    register_logs(dispatcher, world);
    register_lambda(dispatcher, world);
    register_firehose(dispatcher, world);
    register_apigateway(dispatcher, world);
    register_s3_forms(dispatcher);
}

}  // namespace virga
