#include "apis/protocol/models.hpp"

#include <array>

namespace virga::models {

std::span<const model::Service* const> all() {
    static const std::array services{&apigateway(), &dynamodb(), &dynamodb_streams(), &events(),     &firehose(),  &iam(),     &kinesis(), &kms(),
                                     &lambda(),     &logs(),     &pipes(),            &s3(),         &s3control(), &scheduler(), &schemas(), &sns(),
                                     &sqs(),        &sts()};
    return services;
}

}  // namespace virga::models
