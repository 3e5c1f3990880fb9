// The models that are compiled in. A new service: make_model.py, a line here, a line in models.cpp.
#pragma once
#include <span>

#include "apis/protocol/model.hpp"

namespace virga::models {

const model::Service& apigateway();
const model::Service& dynamodb();
const model::Service& dynamodb_streams();
const model::Service& events();
const model::Service& firehose();
const model::Service& iam();
const model::Service& kinesis();
const model::Service& kms();
const model::Service& lambda();
const model::Service& logs();
const model::Service& pipes();
const model::Service& s3();
const model::Service& s3control();
const model::Service& scheduler();
const model::Service& schemas();
const model::Service& sns();
const model::Service& sqs();
const model::Service& sts();

std::span<const model::Service* const> all();

}  // namespace virga::models
