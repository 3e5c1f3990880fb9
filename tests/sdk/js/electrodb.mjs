// ElectroDB: two entities of one table with a collection, and an index of several attributes: node electrodb.mjs ENDPOINT ACCOUNT.
// Stops at the first answer that is not the service's.
import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Entity, Service } from "electrodb";

const [endpoint, account] = process.argv.slice(2);
const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } });
const table = "electro";
const AttributeDefinitions = ["pk", "sk", "gsi1pk", "gsi1sk", "city", "mall", "floor", "shop"].map((AttributeName) => ({ AttributeName, AttributeType: "S" }));
const keys = (hash, range) => [...hash.map((AttributeName) => ({ AttributeName, KeyType: "HASH" })), ...range.map((AttributeName) => ({ AttributeName, KeyType: "RANGE" }))];
const Projection = { ProjectionType: "ALL" };
await client.send(new CreateTableCommand({
  TableName: table, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions, KeySchema: keys(["pk"], ["sk"]),
  GlobalSecondaryIndexes: [
    { IndexName: "gsi1", KeySchema: keys(["gsi1pk"], ["gsi1sk"]), Projection },
    { IndexName: "places", KeySchema: keys(["city", "mall"], ["floor", "shop"]), Projection },
  ],
}));

const string = { type: "string" };
const Task = new Entity({
  model: { entity: "task", version: "1", service: "app" },
  attributes: {
    team: string, task: string, project: string, points: { type: "number" }, status: { type: ["open", "closed"] }, urgent: { type: "boolean" }, any: { type: "any" },
    tags: { type: "set", items: "string" }, sizes: { type: "set", items: "number" }, map: { type: "map", properties: { x: string, n: { type: "number" } } },
    list: { type: "list", items: { type: "map", properties: { a: { type: "number" } } } }, city: string, mall: string, floor: string, shop: string,
  },
  indexes: {
    tasks: { pk: { field: "pk", composite: ["team"] }, sk: { field: "sk", composite: ["task"] } },
    project: { index: "gsi1", collection: "work", pk: { field: "gsi1pk", composite: ["project"] }, sk: { field: "gsi1sk", composite: ["team", "task"] } },
    places: { index: "places", type: "composite", pk: { composite: ["city", "mall"] }, sk: { composite: ["floor", "shop"] } },
  },
}, { client, table });
const Person = new Entity({
  model: { entity: "person", version: "1", service: "app" }, attributes: { id: string, project: string, name: string },
  indexes: {
    people: { pk: { field: "pk", composite: ["id"] }, sk: { field: "sk", composite: [] } },
    project: { index: "gsi1", collection: "work", pk: { field: "gsi1pk", composite: ["project"] }, sk: { field: "gsi1sk", composite: ["id"] } },
  },
}, { client, table });
const app = new Service({ task: Task, person: Person }, { client, table });
const key = { team: "T", task: "1" };
const full = {
  ...key, project: "P", points: 3, status: "open", urgent: true, any: { z: [null, 1] }, tags: ["x", "y"], sizes: [1, 2], map: { x: "1", n: 2 }, list: [{ a: 1 }],
  city: "C", mall: "M", floor: "0", shop: "s",
};
const name = (i) => String(i).padStart(3, "0");

async function items() {
  await Task.create(full).go();
  await assert.rejects(Task.create(full).go(), (error) => error.cause.name === "ConditionalCheckFailedException");
  assert.deepEqual((await Task.get(key).go()).data, full);
  assert.deepEqual((await Task.get(key).go({ attributes: ["points", "map"] })).data, { points: 3, map: full.map });
  const patched = await Task.patch(key).add({ points: 5, tags: ["z"] }).append({ list: [{ a: 2 }] }).delete({ sizes: [1] }).set({ status: "closed" }).remove(["urgent"])
    .data(({ map }, { set, add }) => { set(map.x, "2"); add(map.n, 3); })
    .where(({ status, points, tags, map }, { eq, between, contains, begins, ne, type, exists, notExists, lte }) =>
      `${eq(status, "open")} AND (${between(points, 4, 5)} OR NOT ${contains(tags, "q")}) AND ${begins(status, "op")}
       AND ${ne(points, 99)} AND ${type(points, "N")} AND ${exists(map.x)} AND NOT ${notExists(map)} AND ${lte(map.n, 2)}`)
    .go({ response: "all_new" });
  const { urgent, ...kept } = full;
  assert.deepEqual(patched.data, { ...kept, points: 8, tags: ["x", "y", "z"], list: [{ a: 1 }, { a: 2 }], sizes: [2], status: "closed", map: { x: "2", n: 5 } });
}

async function pages() {
  const all = Array.from({ length: 60 }, (_, i) => ({ ...full, team: "B", task: name(i), points: i, floor: String(i % 3), shop: name(i) }));
  assert.deepEqual((await Task.put(all).go({ concurrency: 2 })).unprocessed, []);
  const tasks = ({ data }) => data.map((each) => Number(each.task));
  const between = Task.query.tasks({ team: "B" }).between({ task: "010" }, { task: "030" });
  assert.deepEqual(tasks(await between.go({ limit: 3, order: "desc" })), [30, 29, 28]);
  const seen = [];
  let cursor = null;
  do {
    const page = await Task.query.tasks({ team: "B" }).where(({ points }, { gt }) => gt(points, 20)).go({ cursor, limit: 9 });
    seen.push(...tasks(page));
    cursor = page.cursor;
  } while (cursor);
  assert.deepEqual(seen, all.slice(21).map((each) => each.points));
  assert.deepEqual(tasks(await Task.query.tasks({ team: "B" }).go({ count: 15 })), all.slice(0, 15).map((each) => each.points));
  assert.equal((await Task.query.project({ project: "P" }).begins({ team: "B", task: "01" }).go({ pages: "all" })).data.length, 10);
  const places = Task.query.places({ city: "C", mall: "M", floor: "1" }).gt({ shop: "040" });
  assert.deepEqual(tasks(await places.go({ pages: "all", limit: 2, order: "desc" })), [58, 55, 52, 49, 46, 43]);
  const first = await Task.query.places({ city: "C", mall: "M" }).go({ limit: 5 });
  const rest = await Task.query.places({ city: "C", mall: "M" }).go({ cursor: first.cursor, pages: "all" });
  assert.deepEqual([first.data.length, rest.data.length], [5, 56]);
  assert.equal((await Task.query.project({ project: "P" }).go({ hydrate: true, pages: "all" })).data.length, 61);
  await Person.put({ id: "p", project: "P", name: "Ann" }).go();
  const { data } = await app.collections.work({ project: "P" }).go({ pages: "all" });
  assert.deepEqual([data.task.length, data.person], [61, [{ id: "p", project: "P", name: "Ann" }]]);
  assert.equal((await Task.scan.where(({ points }, { lt }) => lt(points, 5)).go({ pages: "all" })).data.length, 5);
  const read = await Task.get([1, "none", 2].map((i) => ({ team: "B", task: name(i) }))).go({ preserveBatchOrder: true });
  assert.deepEqual(read.data.map((each) => each?.task), ["001", undefined, "002"]);
}

async function transactions() {
  const write = (newcomer, boss) => app.transaction.write(({ task, person }) => [
    task.create({ ...full, task: newcomer }).commit({ response: "all_old" }), task.delete({ team: "B", task: "001" }).commit(),
    person.check({ id: "p" }).where((attributes, { eq }) => eq(attributes.name, boss)).commit({ response: "all_old" }),
  ]).go();
  assert.equal((await write("t", "Ann")).canceled, false);
  const canceled = await write("t", "Bob");
  assert.deepEqual(canceled.data.map((each) => [each.rejected, each.code, each.item?.name ?? each.item?.task]),
    [[true, "ConditionalCheckFailed", "t"], [false, "None", undefined], [true, "ConditionalCheckFailed", "Ann"]]);
  const got = await app.transaction.get(({ task, person }) => [task.get({ team: "T", task: "t" }).commit(), person.get({ id: "nobody" }).commit()]).go();
  assert.deepEqual(got.data.map((each) => each.item?.task ?? each.item), ["t", null]);
  const removed = await Task.remove({ team: "B", task: "002" }).where(({ points }, { eq }) => eq(points, 2)).go({ response: "all_old" });
  assert.equal(removed.data.points, 2);
}

await items();
await pages();
await transactions();
