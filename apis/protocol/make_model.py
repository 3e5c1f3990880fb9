#!/usr/bin/env python3
"""Makes the committed API models (apis/<service>/model*.json) from botocore.

A developers' script, run only when the pinned botocore changes:

    pip install botocore==1.44.5 && python3 apis/protocol/make_model.py

The models keep botocore's own words (shape, locationName, timestampFormat, ...), without prose and without what only clients need
(endpoints, deprecation). One line a shape and an operation, sorted, so that a new release gives a readable diff.
What the real service accepts although botocore's model no longer says so is added by the tables below.
"""
import json
import pathlib
import sys

import botocore
from botocore.loaders import Loader

PINNED = "1.44.5"
ROOT = pathlib.Path(__file__).resolve().parents[2]

# botocore's name -> (file, name of the function in models.hpp, id: Call.service)
SERVICES = {
    "apigateway": ("apigateway/model.json", "apigateway", "apigateway"),
    "dynamodb": ("dynamodb/model.json", "dynamodb", "dynamodb"),
    "dynamodbstreams": ("dynamodb/model_streams.json", "dynamodb_streams", "streams.dynamodb"),
    "events": ("events/model.json", "events", "events"),
    "firehose": ("firehose/model.json", "firehose", "firehose"),
    "iam": ("iam/model.json", "iam", "iam"),
    "kinesis": ("kinesis/model.json", "kinesis", "kinesis"),
    "kms": ("kms/model.json", "kms", "kms"),
    "lambda": ("lambda/model.json", "lambda", "lambda"),
    "logs": ("logs/model.json", "logs", "logs"),
    "pipes": ("pipes/model.json", "pipes", "pipes"),
    "s3": ("s3/model.json", "s3", "s3"),
    "s3control": ("s3control/model.json", "s3control", "s3control"),
    "scheduler": ("scheduler/model.json", "scheduler", "scheduler"),
    "schemas": ("schemas/model.json", "schemas", "schemas"),
    "sns": ("sns/model.json", "sns", "sns"),
    "sqs": ("sqs/model.json", "sqs", "sqs"),
    "sts": ("sts/model.json", "sts", "sts"),
}

METADATA = ["apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "serviceId", "signingName", "targetPrefix",
            "xmlNamespace", "awsQueryCompatible"]
SHAPE_DROP = {"documentation", "box", "deprecated", "deprecatedMessage", "deprecatedSince", "synthetic", "retryable"}
MEMBER_DROP = SHAPE_DROP | {"contextParam", "hostLabelOf"}
OPERATION_DROP = {"name", "documentation", "deprecated", "deprecatedMessage", "deprecatedSince", "staticContextParams",
                  "operationContextParams", "endpointdiscovery", "endpointoperation", "endpoint", "auth", "authtype", "idempotent",
                  "readonly"}

# The AWS Query form of SQS (API Reference, "Making Query API requests", and each action's parameters): names on the wire of
# lists, maps and their parts, which the JSON model no longer carries.
SQS_MAPS = {"Attributes": "Attribute", "MessageAttributes": "MessageAttribute", "MessageSystemAttributes": "MessageSystemAttribute",
            "Tags": "Tag", "tags": "Tag"}
SQS_ELEMENTS = {"AWSAccountIdList": "AWSAccountId", "ActionNameList": "ActionName", "AttributeNameList": "AttributeName",
                "MessageSystemAttributeList": "MessageSystemAttributeName", "MessageAttributeNameList": "MessageAttributeName",
                "TagKeyList": "TagKey", "QueueUrlList": "QueueUrl", "MessageList": "Message", "StringList": "StringListValue",
                "BinaryList": "BinaryListValue"}
SQS_KEYS = {"TagMap": ("Key", "Value")}  # all other maps: Name, Value
# Error codes of the Query form and their HTTP status there (SQS API Reference, Errors of each action).
SQS_CODES = {name: (f"AWS.SimpleQueueService.{name}", 400) for name in
             ["BatchEntryIdsNotDistinct", "BatchRequestTooLong", "EmptyBatchRequest", "InvalidBatchEntryId", "MessageNotInflight",
              "QueueDeletedRecently", "TooManyEntriesInBatchRequest", "UnsupportedOperation"]}
SQS_CODES |= {
    "PurgeQueueInProgress": ("AWS.SimpleQueueService.PurgeQueueInProgress", 403),
    "QueueDoesNotExist": ("AWS.SimpleQueueService.NonExistentQueue", 400),
    "QueueNameExists": ("QueueAlreadyExists", 400),
    "ReceiptHandleIsInvalid": ("ReceiptHandleIsInvalid", 404),
    "OverLimit": ("OverLimit", 403),
    "RequestThrottled": ("RequestThrottled", 403),
    "ResourceNotFoundException": ("ResourceNotFoundException", 404),
    "KmsAccessDenied": ("KMS.AccessDeniedException", 400),
    "KmsDisabled": ("KMS.DisabledException", 400),
    "KmsInvalidKeyUsage": ("KMS.InvalidKeyUsageException", 400),
    "KmsInvalidState": ("KMS.InvalidStateException", 400),
    "KmsNotFound": ("KMS.NotFoundException", 400),
    "KmsOptInRequired": ("KMS.OptInRequired", 403),
    "KmsThrottled": ("KMS.ThrottlingException", 400),
}

# Patterns of Firehose: as it prints them in its validation errors (observed), accepting what botocore's accept; and endpoints without TLS,
# which stand for real ones on a developer's machine.
FIREHOSE_PATTERNS = {"FileExtension": r"^(|\.[0-9a-z!\-_.*'()]+)$", "HttpEndpointUrl": "https?://.*"}

# Patterns of Kinesis as it prints them (observed); they match the same texts as botocore's.
KINESIS_PATTERNS = {"HashKey": r"0|([1-9]\d{0,38})", "SequenceNumber": r"0|([1-9]\d{0,128})"}

# Superseded by ...Configuration operations at the same method and URI, which clients of both understand.
S3_REPLACED = ["GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification"]

# The root elements of S3's answers (S3 API Reference, Response Syntax of each action); clients do not look at them, so botocore leaves
# them out. Roots of answers whose body is one member are that member's.
S3_ROOTS = {
    "CompleteMultipartUpload": "CompleteMultipartUploadResult", "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CreateSession": "CreateSessionResult", "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration", "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration", "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration", "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging", "GetBucketVersioning": "VersioningConfiguration", "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy", "GetObjectAttributes": "GetObjectAttributesResponse", "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult", "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult", "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult", "ListObjects": "ListBucketResult", "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
}


def without(d, dropped):
    return {k: v for k, v in d.items() if k not in dropped}


def shape_of(shape):
    out = without(shape, SHAPE_DROP)
    if "members" in out:
        out["members"] = {n: without(m, MEMBER_DROP) for n, m in out["members"].items()}
    for part in ("member", "key", "value"):
        if part in out:
            out[part] = without(out[part], MEMBER_DROP)
    return out


def operation_of(operation):
    out = without(operation, OPERATION_DROP)
    if "httpChecksum" in out:
        out["httpChecksum"] = {k: v for k, v in out["httpChecksum"].items() if k == "requestChecksumRequired"}
        if not out["httpChecksum"]:
            del out["httpChecksum"]
    if "errors" in out:
        out["errors"] = sorted(e["shape"] for e in out["errors"])
    return out


def add_sqs_query(model):
    model["metadata"]["protocols"] = ["json", "query"]
    model["metadata"]["xmlNamespace"] = "http://queue.amazonaws.com/doc/2012-11-05/"
    for name, shape in model["shapes"].items():
        for member, ref in shape.get("members", {}).items():
            target = model["shapes"][ref["shape"]]
            if target["type"] == "map":
                ref["queryName"] = SQS_MAPS[member]
            if target["type"] == "list":  # all are flattened, and go by the name of their elements
                ref["queryName"] = SQS_ELEMENTS.get(ref["shape"], target["member"]["shape"])
        if shape["type"] == "map":
            shape["key"]["queryName"], shape["value"]["queryName"] = SQS_KEYS.get(name, ("Name", "Value"))
        if shape.get("exception"):
            code, status = SQS_CODES.get(name, (name, 400))
            shape["error"] = {"code": code, "httpStatusCode": status, "senderFault": True}


def add_s3_roots(model):
    model["metadata"]["xmlNamespace"] = "http://s3.amazonaws.com/doc/2006-03-01/"
    for name, root in S3_ROOTS.items():
        model["operations"][name]["output"]["locationName"] = root


def make(name, id, function):
    source = Loader().load_service_model(name, "service-2")
    model = {
        "source": f"botocore {botocore.__version__}",
        "id": id,
        "function": function,
        "metadata": {k: source["metadata"][k] for k in METADATA if k in source["metadata"]},
        "operations": {n: operation_of(o) for n, o in source["operations"].items()},
        "shapes": {n: shape_of(s) for n, s in source["shapes"].items()},
    }
    if name == "sqs":
        add_sqs_query(model)
    for shape, pattern in {"firehose": FIREHOSE_PATTERNS, "kinesis": KINESIS_PATTERNS}.get(name, {}).items():
        model["shapes"][shape]["pattern"] = pattern
    if name == "s3":
        for old in S3_REPLACED:
            del model["operations"][old]
        add_s3_roots(model)
    return model


def write(model, path):
    def line(value):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    out = ["{"]
    for key in ("source", "id", "function", "metadata"):
        out.append(f' "{key}":{line(model[key])},')
    for group in ("operations", "shapes"):
        out.append(f' "{group}":{{')
        entries = sorted(model[group].items())
        out += [f'  "{n}":{line(v)}{"," if i + 1 < len(entries) else ""}' for i, (n, v) in enumerate(entries)]
        out.append(" }," if group == "operations" else " }")
    out.append("}")
    path.write_text("\n".join(out) + "\n", encoding="utf-8")


def main():
    if botocore.__version__ != PINNED:
        sys.exit(f"make_model.py: botocore {PINNED} is needed, this is {botocore.__version__}")
    for name, (file, function, id) in SERVICES.items():
        path = ROOT / "apis" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        model = make(name, id, function)
        write(model, path)
        print(f"{path.relative_to(ROOT)}: {len(model['operations'])} operations, {len(model['shapes'])} shapes")


if __name__ == "__main__":
    main()
