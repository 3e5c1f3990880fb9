// dynamodb-toolbox: entities of one table, every builder of conditions and updates: node dynamodb_toolbox.mjs ENDPOINT ACCOUNT.
// Stops at the first answer that is not the service's.
import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as box from "dynamodb-toolbox";

const [endpoint, account] = process.argv.slice(2);
const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } });
const attributes = { pk: "S", sk: "S", trade: "S", rank: "N", other: "S" };
const keys = (hash, range) => [{ AttributeName: hash, KeyType: "HASH" }, { AttributeName: range, KeyType: "RANGE" }];
const Projection = { ProjectionType: "ALL" };
await client.send(new CreateTableCommand({
  TableName: "toolbox", BillingMode: "PAY_PER_REQUEST", KeySchema: keys("pk", "sk"),
  AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  GlobalSecondaryIndexes: [{ IndexName: "trades", KeySchema: keys("trade", "rank"), Projection }],
  LocalSecondaryIndexes: [{ IndexName: "others", KeySchema: keys("pk", "other"), Projection }],
}));

const { any, anyOf, binary, boolean, item, list, map, nul, number, record, set, string, tuple } = box;
const table = new box.Table({
  documentClient: DynamoDBDocumentClient.from(client), name: "toolbox", partitionKey: { name: "pk", type: "string" }, sortKey: { name: "sk", type: "string" },
  indexes: {
    trades: { type: "global", partitionKey: { name: "trade", type: "string" }, sortKey: { name: "rank", type: "number" } },
    others: { type: "local", sortKey: { name: "other", type: "string" } },
  },
});
const Worker = new box.Entity({
  name: "Worker", table, schema: item({
    pk: string().key(), sk: string().key(), trade: string().optional(), rank: number().optional(), other: string().optional(), level: number().optional().savedAs("lvl"),
    long: number().big().optional(), bytes: binary().optional(), free: boolean().optional(), tags: set(string()).optional(), sizes: set(number()).optional(),
    jobs: list(map({ name: string(), at: number() })).optional(), stats: record(string(), number()).optional(), deep: map({ text: string().optional(), list: list(string()).optional() }).optional(),
    either: anyOf(string(), number()).optional(), any: any().optional(), nothing: nul().optional(), pair: tuple(string(), number()).optional(),
  }),
});
const Firm = new box.Entity({ name: "Firm", table, schema: item({ id: string().key().transform(box.prefix("F")).savedAs("pk"), year: string().key().savedAs("sk"), name: string() }) });
const key = { pk: "p", sk: "1" };
const full = {
  ...key, trade: "t", rank: 5, other: "o", level: 3, long: 12345678901234567890n, bytes: new Uint8Array([1, 0, 255]), free: false, tags: new Set(["a", "b"]), sizes: new Set([1, 2]),
  jobs: [{ name: "j1", at: 10 }, { name: "j2", at: 20 }], stats: { hp: 1, "at.k": 2, "d-e f": 3 }, deep: { text: "s", list: ["x", "y"] }, either: 7, any: { a: [1, { b: null }] },
  nothing: null, pair: ["q", 1],
};
const plain = ({ created, modified, entity, ...rest }) => rest;

async function items() {
  await Worker.build(box.PutItemCommand).item(full).send();
  const got = await Worker.build(box.GetItemCommand).key(key).options({ consistent: true }).send();
  assert.deepEqual(plain(got.Item), full);
  const some = await Worker.build(box.GetItemCommand).key(key).options({ attributes: ["level", "jobs[1].name", "stats['at.k']", "deep.list[0]"] }).send();
  assert.deepEqual(some.Item, { level: 3, jobs: [{ name: "j2" }], stats: { "at.k": 2 }, deep: { list: ["x"] } });
  const condition = { and: [
    { attr: "level", between: [1, 5] }, { not: { attr: "deep.text", beginsWith: "X" } }, { attr: "tags", contains: "a" }, { size: "jobs", gte: 2 }, { attr: "level", type: "N" },
    { or: [{ attr: "stats.hp", in: [5, 6] }, { attr: "jobs[1].at", eq: 20 }] }, { attr: "stats['at.k']", lt: { attr: "rank" } }, { attr: "nothing", exists: true },
  ] };
  const put = await Worker.build(box.PutItemCommand).item(full).options({ returnValues: "ALL_OLD", metrics: "SIZE", capacity: "INDEXES", condition }).send();
  assert.deepEqual([plain(put.Attributes), put.ItemCollectionMetrics.ItemCollectionKey], [full, { pk: "p" }]);
  const refused = Worker.build(box.PutItemCommand).item(full).options({ condition: { attr: "pk", exists: false }, returnValuesOnConditionFalse: "ALL_OLD" }).send();
  await assert.rejects(refused, (error) => box.isConditionCheckFailed(error) && error.Item.lvl.N === "3");
  const { $add, $append, $delete, $get, $prepend, $remove, $set, $subtract, $sum } = box;
  const update = {
    ...key, level: $add(4), other: $get("deep.text", "none"), free: true, tags: $add(new Set(["c"])), sizes: $delete(new Set([1])), jobs: { 0: { at: $sum($get("jobs[0].at"), 1) }, 1: $remove() },
    stats: { hp: $subtract($get("stats.hp"), 5), more: 8 }, deep: { list: $append(["z"]) }, either: $remove(), rank: $sum($get("rank", 0), 10), any: $set([1]),
  };
  const updated = await Worker.build(box.UpdateItemCommand).item(update).options({ returnValues: "ALL_NEW" }).send();
  const { either, ...kept } = full;
  assert.deepEqual(plain(updated.Attributes), {
    ...kept, level: 7, other: "s", free: true, tags: new Set(["a", "b", "c"]), sizes: new Set([2]), jobs: [{ name: "j1", at: 11 }], stats: { hp: -4, "at.k": 2, "d-e f": 3, more: 8 },
    deep: { text: "s", list: ["x", "y", "z"] }, rank: 15, any: [1],
  });
  const touched = await Worker.build(box.UpdateItemCommand).item({ ...key, deep: { list: $prepend(["w"]) }, pair: $set(["r", 2]) }).options({ returnValues: "UPDATED_NEW" }).send();
  assert.deepEqual(plain(touched.Attributes), { deep: { list: ["w", "x", "y", "z"] }, pair: ["r", 2] });
}

async function pages() {
  const worker = (i) => ({ pk: "q", sk: String(i).padStart(2, "0"), trade: "all", rank: i % 3, other: String(99 - i), level: i });
  await box.executeBatchWrite(table.build(box.BatchWriteCommand).requests(...Array.from({ length: 20 }, (_, i) => Worker.build(box.BatchPutRequest).item(worker(i)))));
  await Firm.build(box.PutItemCommand).item({ id: "1", year: "2190", name: "Firm" }).send();
  const levels = async (query, options) => (await table.build(box.QueryCommand).entities(Worker).query(query).options({ maxPages: Infinity, ...options }).send()).Items.map((each) => each.level);
  assert.deepEqual(await levels({ partition: "q", range: { between: ["03", "09"] } }, { limit: 2, reverse: true, filters: { Worker: { attr: "level", ne: 7 } } }), [9, 8, 6, 5, 4, 3]);
  assert.deepEqual((await levels({ index: "trades", partition: "all", range: { gte: 2 } }, { limit: 4 })).sort((a, b) => a - b), [2, 5, 8, 11, 14, 17]);
  assert.deepEqual(await levels({ index: "others", partition: "q", range: { beginsWith: "9" } }, { consistent: true, limit: 3 }), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  const segment = (number) => table.build(box.ScanCommand).entities(Worker, Firm).options({ segment: number, totalSegments: 3, maxPages: Infinity, limit: 3 }).send();
  assert.equal((await Promise.all([0, 1, 2].map(segment))).flatMap((page) => page.Items).length, 22);
  const one = (sk) => Worker.build(box.BatchGetRequest).key({ pk: "q", sk });
  const { Responses } = await box.executeBatchGet(table.build(box.BatchGetCommand).requests(one("01"), one("none"), Firm.build(box.BatchGetRequest).key({ id: "1", year: "2190" })));
  assert.deepEqual(Responses[0].map((each) => each && (each.name ?? each.level)), [1, undefined, "Firm"]);
}

async function transactions() {
  const put = (sk, options = {}) => Worker.build(box.PutTransaction).item({ pk: "t", sk, level: 1 }).options(options);
  const check = Firm.build(box.ConditionCheck).key({ id: "1", year: "2190" }).condition({ attr: "name", eq: "Firm" });
  await box.executeTransactWrite({ clientRequestToken: "once" }, put("1"), Worker.build(box.UpdateTransaction).item({ pk: "q", sk: "01", level: box.$add(1) }), check);
  const refused = box.executeTransactWrite(put("2"), put("1", { condition: { attr: "pk", exists: false }, returnValuesOnConditionFalse: "ALL_OLD" }));
  await assert.rejects(refused, (error) => box.isTransactionCancelled(error) && error.CancellationReasons[0].Code === "None" && error.CancellationReasons[1].Item.lvl.N === "1");
  const get = (pk, sk) => Worker.build(box.GetTransaction).key({ pk, sk });
  const { Responses } = await box.executeTransactGet(get("q", "01"), get("t", "2"), get("t", "1"));
  assert.deepEqual(Responses.map((each) => each.Item?.level), [2, undefined, 1]);
  const { Count } = await table.build(box.DeletePartitionCommand).entities(Worker).query({ partition: "q" }).send();
  assert.deepEqual([Count, (await table.build(box.QueryCommand).query({ partition: "q" }).send()).Count], [20, 0]);
}

await items();
await pages();
await transactions();
