"""The chain's end-to-end latency: HTTP, function, table, stream, function, bus, queue, function, table, all warm.

A BFF function writes an item; the table's stream triggers a function that puts an event on the bus; a rule sends it to a
queue; a listener function writes a view. The clock runs from the client's request to the view's item being there
(observed with the control API's idle wait, which returns the moment the last part ends). The functions' own time comes
from the trace: the sum of the invocations on the way.
"""
import io
import json
import statistics
import time
import urllib.request
import zipfile

from conftest import make_client
from virga_process import Virga

ACCOUNT = "111122223333"
RUNS = 60
WARM_UP = 10
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}

# One source for the three functions; plain HTTP to the emulator, so that the SDK's own start does not count.
SOURCE = """
const http = require("http");
const agent = new http.Agent({ keepAlive: true });
const endpoint = new URL(process.env.AWS_ENDPOINT_URL);
function call(service, target, type, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, host: endpoint.hostname, port: endpoint.port, method: "POST", path: "/", headers: {
      "X-Amz-Target": target, "Content-Type": type, "X-Amzn-Trace-Id": process.env._X_AMZN_TRACE_ID || "",
      Authorization: `AWS4-HMAC-SHA256 Credential=${process.env.ACCOUNT}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0` } },
      (response) => { let text = ""; response.on("data", (d) => (text += d)); response.on("end", () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(text))); });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}
const put = (table, id) => call("dynamodb", "DynamoDB_20120810.PutItem", "application/x-amz-json-1.0", { TableName: table, Item: { id: { S: id } } });
exports.bff = async (event) => { await put("things", JSON.parse(event.body).id); return { statusCode: 200, body: "{}" }; };
exports.trigger = async (event) => {
  await call("events", "AWSEvents.PutEvents", "application/x-amz-json-1.1", { Entries: event.Records.map((r) => ({
    EventBusName: "hub", Source: "chain", DetailType: "thing-created", Detail: JSON.stringify({ id: r.dynamodb.Keys.id.S }) })) });
};
exports.listener = async (event) => { for (const r of event.Records) await put("view", JSON.parse(r.body).detail.id); };
"""


def archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as z:
        z.writestr("index.js", SOURCE)
    return data.getvalue()


def deploy(server):
    client = lambda service: make_client(service, server.endpoint, ACCOUNT)
    dynamodb, functions, events, sqs, api = (client(s) for s in ("dynamodb", "lambda", "events", "sqs", "apigateway"))
    role = client("iam").create_role(RoleName="chain", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    key = dict(KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
    stream = dynamodb.create_table(TableName="things", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}, **key)["TableDescription"]["LatestStreamArn"]
    dynamodb.create_table(TableName="view", **key)
    arns = {}
    for name in ("bff", "trigger", "listener"):
        arns[name] = functions.create_function(
            FunctionName=name, Runtime="nodejs20.x", Role=role, Handler=f"index.{name}", Code={"ZipFile": archive()}, Timeout=10, Environment={"Variables": {"ACCOUNT": ACCOUNT}}
        )["FunctionArn"]
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name="hub")
    events.put_rule(Name="inbox", EventBusName="hub", EventPattern=json.dumps({"source": ["chain"]}))
    events.put_targets(Rule="inbox", EventBusName="hub", Targets=[{"Id": "inbox", "Arn": queue_arn}])
    functions.create_event_source_mapping(FunctionName="trigger", EventSourceArn=stream, StartingPosition="TRIM_HORIZON")
    functions.create_event_source_mapping(FunctionName="listener", EventSourceArn=queue_arn, BatchSize=1)
    api_id = api.create_rest_api(name="chain")["id"]
    root = api.get_resources(restApiId=api_id)["items"][0]["id"]
    proxy = api.create_resource(restApiId=api_id, parentId=root, pathPart="{proxy+}")["id"]
    api.put_method(restApiId=api_id, resourceId=proxy, httpMethod="ANY", authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arns['bff']}/invocations"
    api.put_integration(restApiId=api_id, resourceId=proxy, httpMethod="ANY", type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    api.create_deployment(restApiId=api_id, stageName="test")
    return f"{server.endpoint}/restapis/{api_id}/test/_user_request_/things"


def spans_of(tree):
    for span in tree:
        yield span
        yield from spans_of(span["children"])


def once(server, url, number):
    """(milliseconds end to end, milliseconds inside the functions)"""
    request = urllib.request.Request(url, data=json.dumps({"id": f"thing-{number}"}).encode(), headers={"Content-Type": "application/json"})
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        trace = answer.headers["X-Amzn-Trace-Id"]
        answer.read()
    server.wait()
    elapsed = (time.perf_counter() - began) * 1000
    root = [part[5:] for part in trace.split(";") if part.startswith("Root=")][0]
    spans = list(spans_of(server.get(f"/_virga/trace/{root}")["tree"]))
    invocations = [s for s in spans if s["kind"] == "invocation"]
    assert len(invocations) == 3, [s["name"] for s in spans]
    inside = sum(s["microseconds"] for s in invocations) / 1000
    return elapsed, inside


def bench():
    server = Virga()
    try:
        url = deploy(server)
        for number in range(WARM_UP):
            once(server, url, -number - 1)
        results = [once(server, url, number) for number in range(RUNS)]
    finally:
        server.stop()
    total = statistics.median(r[0] for r in results)
    inside = statistics.median(r[1] for r in results)
    print(f"chain: five hops, warm: median {total:.1f} ms of {RUNS} (worst {max(r[0] for r in results):.1f}), of which {inside:.1f} ms inside the functions' invocations")
