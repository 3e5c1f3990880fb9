// The document client of the SDK, with its paginators and waiters: node dynamodb_documents.mjs ENDPOINT ACCOUNT.
// Stops at the first answer that is not the service's.
import assert from "node:assert/strict";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import * as lib from "@aws-sdk/lib-dynamodb";

const [endpoint, account] = process.argv.slice(2);
const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } });
const exact = (text) => (String(Number(text)) === text ? Number(text) : lib.NumberValue.from(text));
const documents = lib.DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true }, unmarshallOptions: { wrapNumbers: exact },
});
const TableName = "documents";
const send = (Command, input) => documents.send(new lib[Command + "Command"]({ TableName, ...input }));
const waiter = { client, maxWaitTime: 60 };

async function all(pages, read = (page) => page.Items) {
  const seen = [];
  for await (const page of pages) seen.push(read(page));
  return seen.flat();
}

async function tables() {
  const attributes = { pk: "S", sk: "S", kind: "S", size: "N" };
  const keys = (hash, range) => [{ AttributeName: hash, KeyType: "HASH" }, { AttributeName: range, KeyType: "RANGE" }];
  const { TableDescription } = await client.send(new CreateTableCommand({
    TableName, BillingMode: "PAY_PER_REQUEST", KeySchema: keys("pk", "sk"),
    AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    GlobalSecondaryIndexes: [{ IndexName: "kinds", KeySchema: keys("kind", "sk"), Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["more"] } }],
    LocalSecondaryIndexes: [{ IndexName: "sizes", KeySchema: keys("pk", "size"), Projection: { ProjectionType: "KEYS_ONLY" } }],
  }));
  assert(TableDescription.CreationDateTime instanceof Date);
  assert.equal((await waitUntilTableExists(waiter, { TableName })).state, "SUCCESS");
}

async function values() {
  class Amount {
    amount = 5;
    nested = { list: [1, "b", null, true, { set: new Set(["x"]) }] };
  }
  const Item = {
    pk: "a", sk: "1", kind: "k", size: 3, more: new Amount(), large: lib.NumberValue.from("-1234567890123456789012345678901234567.8"), long: 12345678901234567890n,
    bytes: new Uint8Array([0, 255]), text: "", none: new Uint8Array(), list: [], map: {}, strings: new Set(["b", "a"]), numbers: new Set([3, -1]),
    binaries: new Set([new Uint8Array([1])]), nil: null, yes: true, unicode: "ž 🐎 \u0000", missing: undefined,
  };
  await send("Put", { Item });
  const got = (await send("Get", { Key: { pk: "a", sk: "1" }, ConsistentRead: true })).Item;
  const { missing, ...kept } = Item;
  assert.deepEqual(got, { ...kept, more: { amount: 5, nested: Item.more.nested }, long: lib.NumberValue.from("12345678901234567890") });
  const { Attributes } = await send("Update", {
    Key: { pk: "a", sk: "1" }, ReturnValues: "UPDATED_NEW",
    UpdateExpression: "SET more.#n.#l[0] = :seven, times = if_not_exists(times, :zero) + :seven, #l = list_append(#l, :tail) REMOVE nil ADD numbers :nine DELETE strings :all",
    ExpressionAttributeNames: { "#n": "nested", "#l": "list" },
    ExpressionAttributeValues: { ":seven": 7, ":zero": 0, ":tail": [{ z: 1 }], ":nine": new Set([9]), ":all": new Set(["a", "b"]) },
  });
  assert.deepEqual(Attributes, { more: { nested: { list: [7] } }, times: 7, list: [{ z: 1 }], numbers: new Set([-1, 3, 9]) });
  const refused = send("Put", { Item: { pk: "a", sk: "1" }, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
  await assert.rejects(refused, (error) => error.name === "ConditionalCheckFailedException" && error.Item.times.N === "7");
}

async function pages() {
  const items = Array.from({ length: 25 }, (_, i) => ({ pk: "b", sk: String(i).padStart(3, "0"), size: -i, ...(i % 2 ? { kind: "odd", more: i } : {}) }));
  const written = await documents.send(new lib.BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
  assert.deepEqual(written.UnprocessedItems, {});
  const query = (pageSize, input) => all(lib.paginateQuery({ client: documents, pageSize }, { TableName, ...input }));
  const some = { KeyConditionExpression: "pk = :p AND sk BETWEEN :a AND :b", ExpressionAttributeValues: { ":p": "b", ":a": "003", ":b": "020" } };
  assert.deepEqual(await query(4, { ...some, ScanIndexForward: false }), items.slice(3, 21).reverse());
  const odd = await query(5, { IndexName: "kinds", KeyConditionExpression: "kind = :k", ExpressionAttributeValues: { ":k": "odd" } });
  assert.deepEqual(odd, items.filter((item) => item.kind).map(({ size, ...projected }) => projected));
  const small = { IndexName: "sizes", Select: "ALL_ATTRIBUTES", KeyConditionExpression: "pk = :p AND #s < :n", ExpressionAttributeNames: { "#s": "size" } };
  assert.deepEqual(await query(2, { ...small, ExpressionAttributeValues: { ":p": "b", ":n": -20 } }), items.slice(21).reverse());
  const segment = (Segment) => all(lib.paginateScan({ client: documents, pageSize: 3 }, { TableName, Segment, TotalSegments: 4, Select: "COUNT" }), (page) => page.Count);
  assert.equal((await Promise.all([0, 1, 2, 3].map(segment))).flat().reduce((sum, count) => sum + count), 26);
  const Keys = [{ pk: "b", sk: "001" }, { pk: "none", sk: "1" }];
  const read = await documents.send(new lib.BatchGetCommand({ RequestItems: { [TableName]: { Keys, ProjectionExpression: "#s, more", ExpressionAttributeNames: { "#s": "size" } } } }));
  assert.deepEqual([read.Responses, read.UnprocessedKeys], [{ [TableName]: [{ size: -1, more: 1 }] }, {}]);
}

async function transactions() {
  const check = { TableName, Key: { pk: "a", sk: "1" }, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
  const update = { TableName, Key: { pk: "b", sk: "001" }, UpdateExpression: "SET #s = :s", ExpressionAttributeNames: { "#s": "size" }, ExpressionAttributeValues: { ":s": "x" } };
  const write = documents.send(new lib.TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { pk: "t", sk: "1" } } }, { ConditionCheck: check }, { Update: update }] }));
  await assert.rejects(write, (error) => {
    assert.deepEqual(error.CancellationReasons.map((reason) => reason.Code), ["None", "ConditionalCheckFailed", "ValidationError"]);
    return error.CancellationReasons[1].Item.times.N === "7";
  });
  const gets = [{ TableName, Key: check.Key, ProjectionExpression: "more.nested.#l[4].#t, yes", ExpressionAttributeNames: { "#l": "list", "#t": "set" } }, { TableName, Key: { pk: "t", sk: "1" } }];
  const { Responses } = await documents.send(new lib.TransactGetCommand({ TransactItems: gets.map((Get) => ({ Get })) }));
  assert.deepEqual(Responses, [{ Item: { more: { nested: { list: [{ set: new Set(["x"]) }] } }, yes: true } }, {}]);
  const Statement = `UPDATE "${TableName}" SET more = ? WHERE pk = ? AND sk = ? RETURNING ALL NEW *`;
  const stated = await documents.send(new lib.ExecuteStatementCommand({ Statement, Parameters: [{ list: [new Set([1.5])] }, "b", "002"] }));
  assert.deepEqual(stated.Items, [{ pk: "b", sk: "002", size: -2, more: { list: [new Set([1.5])] } }]);
}

await tables();
await values();
await pages();
await transactions();
await client.send(new DeleteTableCommand({ TableName }));
assert.equal((await waitUntilTableNotExists(waiter, { TableName })).state, "SUCCESS");
