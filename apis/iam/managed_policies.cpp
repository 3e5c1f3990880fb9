#include "apis/iam/managed_policies.hpp"

#include "emulator/base/encoding.hpp"
#include "emulator/identity/access_key.hpp"

namespace virga::iam {

namespace {

constexpr std::string_view prefix = "arn:aws:iam::aws:policy/";

struct Known {
    std::string_view name;  // with path
    std::string_view document;
};

// From the AWS managed policy reference.
constexpr Known known[] = {
    {"AdministratorAccess", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})"},
    {"AmazonS3FullAccess", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}]})"},
    {"AmazonS3ReadOnlyAccess",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]})"},
    {"service-role/AWSLambdaBasicExecutionRole",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"service-role/AWSLambdaDynamoDBExecutionRole",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator","dynamodb:ListStreams","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"service-role/AWSLambdaKinesisExecutionRole",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:DescribeStream","kinesis:DescribeStreamSummary","kinesis:GetRecords","kinesis:GetShardIterator","kinesis:ListShards","kinesis:ListStreams","kinesis:SubscribeToShard","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"service-role/AWSLambdaSQSQueueExecutionRole",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]})"},
    {"service-role/AmazonAPIGatewayPushToCloudWatchLogs",
     R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:DescribeLogGroups","logs:DescribeLogStreams","logs:PutLogEvents","logs:GetLogEvents","logs:FilterLogEvents"],"Resource":"*"}]})"},
};

// AWS managed policies began with IAM managed policies, in February 2015; the exact dates are not kept here.
constexpr TimeMs managed_since = 1423180800000;

}  // namespace

bool is_aws_managed(std::string_view arn) { return arn.starts_with(prefix) && arn.size() > prefix.size(); }

identity::ManagedPolicy aws_managed(std::string_view arn) {
    Random random(hash64(arn));
    identity::ManagedPolicy policy;
    policy.arn = arn;
    std::string_view rest = arn.substr(prefix.size());
    auto slash = rest.rfind('/');
    policy.path = slash == std::string_view::npos ? "/" : "/" + std::string(rest.substr(0, slash + 1));
    policy.name = slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    policy.id = identity::mint_id("ANPA", random);
    policy.created = policy.updated = managed_since;
    return policy;
}

std::optional<std::string> aws_managed_document(std::string_view arn) {
    for (const auto& k : known)
        if (arn.substr(prefix.size()) == k.name) return std::string(k.document);
    return std::nullopt;
}

std::vector<std::string> known_aws_managed() {
    std::vector<std::string> arns;
    for (const auto& k : known) arns.push_back(std::string(prefix) + std::string(k.name));
    return arns;
}

}  // namespace virga::iam
