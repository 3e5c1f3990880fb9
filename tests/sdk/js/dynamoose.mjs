// dynamoose: a table that the library itself makes, describes and brings up to date: node dynamoose.mjs ENDPOINT ACCOUNT.
// Stops at the first answer that is not the service's.
import assert from "node:assert/strict";
import dynamoose from "dynamoose";

const [endpoint, account] = process.argv.slice(2);
const db = new dynamoose.aws.ddb.DynamoDB({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } });
dynamoose.aws.ddb.set(db);
const { Condition, Schema, Table } = dynamoose;

const local = { name: "byStatus", type: "local", project: false };
const byMail = { name: "byMail", type: "global", rangeKey: "number", project: ["name", "tags"] };
const keys = { id: { type: String, hashKey: true }, number: { type: Number, rangeKey: true }, status: { type: String, index: local } };
const named = { type: String, required: true, index: { name: "byName", type: "global", project: true } };
const Cat = dynamoose.model("Cat", new Schema({
  ...keys, mail: { type: String, index: byMail }, name: named, age: Number, at: Date, raw: Buffer, tame: Boolean, kind: { type: String, enum: ["a", "b"] }, either: [String, Number],
  tags: { type: Set, schema: [String] }, sizes: { type: Set, schema: [Number] }, list: { type: Array, schema: [{ type: Object, schema: { a: Number, b: String } }] },
  deep: { type: Object, schema: { x: String, y: { type: Object, schema: { z: Number } } } },
}, { timestamps: true }));
const options = {
  initialize: false, update: true, throughput: "ON_DEMAND", waitForActive: { enabled: true, check: { timeout: 60000, frequency: 50 } }, expires: { ttl: 6000000000000, attribute: "until" },
};
const key = { id: "a", number: 1 };
const full = {
  ...key, mail: "a@b", status: "s", name: "n", age: 12.5, at: new Date(6942844800000), raw: Buffer.from("abc"), tame: false, kind: "a", either: 3, tags: new Set(["x", "y"]),
  sizes: new Set([1, 2.5]), list: [{ a: 1, b: "b" }], deep: { x: "", y: { z: -3 } },
};
const numbers = (items) => items.map((item) => item.number);
const where = (name) => new Condition(name);

async function described() {
  const { Table: table } = await db.describeTable({ TableName: "cats" });
  const { TimeToLiveDescription } = await db.describeTimeToLive({ TableName: "cats" });
  const { Tags } = await db.listTagsOfResource({ ResourceArn: table.TableArn });
  const indexes = table.GlobalSecondaryIndexes.map((index) => index.IndexName).sort();
  return [table.TableStatus, indexes, table.StreamSpecification?.StreamViewType, table.TableClassSummary?.TableClass, Tags, TimeToLiveDescription.AttributeName];
}

async function items() {
  await new Cat(full).save();
  const got = await Cat.get(key, { consistent: true });
  for (const name of Object.keys(full)) assert.deepEqual(got[name], full[name]);
  await assert.rejects(Cat.create(full), (error) => error.name === "ConditionalCheckFailedException");
  const updated = await Cat.update(key, { $SET: { name: "m" }, $ADD: { age: 2, tags: ["z"], list: [{ a: 2, b: "c" }] }, $REMOVE: ["kind"], $DELETE: { sizes: [1] } });
  assert.deepEqual([updated.name, updated.age, updated.tags, updated.list.length, updated.kind, updated.sizes], ["m", 14.5, new Set(["x", "y", "z"]), 2, undefined, new Set([2.5])]);
  const condition = where("age").gt(3).and().parenthesis(where("name").eq("m").or().attribute("none").exists()).and().attribute("tags").contains("z")
    .and().attribute("name").in(["k", "m"]).and().attribute("age").between(1, 99).and().attribute("name").beginsWith("m").and().attribute("mail").not().eq("q");
  assert.equal((await Cat.update(key, { tame: true }, { condition })).tame, true);
  await assert.rejects(Cat.update(key, { tame: false }, { condition: where("age").lt(3) }), (error) => error.name === "ConditionalCheckFailedException");
}

async function pages() {
  const cat = (number) => ({ id: "b", number, name: number % 2 ? "odd" : "even", mail: "b@b", status: String(number % 20), age: number });
  for (const from of [0, 20, 40]) assert.deepEqual((await Cat.batchPut(Array.from({ length: 20 }, (_, i) => cat(from + i)))).unprocessedItems, []);
  const between = () => Cat.query("id").eq("b").where("number").between(5, 30).sort("descending").limit(3);
  const page = await between().exec();
  assert.deepEqual([numbers(page), numbers(await between().startAt(page.lastKey).exec())], [[30, 29, 28], [27, 26, 25]]);
  assert.equal((await Cat.query("id").eq("b").all().limit(7).exec()).length, 60);
  const mails = await Cat.query("mail").eq("b@b").using("byMail").where("number").ge(58).exec();
  assert.deepEqual(mails.map((item) => ({ ...item })), [58, 59].map((number) => ({ id: "b", number, mail: "b@b", name: number % 2 ? "odd" : "even" })));
  assert.equal((await Cat.query("name").eq("odd").filter("age").in([1, 2, 3]).all().exec()).length, 2);
  assert.deepEqual(numbers(await Cat.query("id").eq("b").where("status").beginsWith("19").using("byStatus").exec()), [19, 39, 59]);
  assert.equal((await Cat.query("id").eq("b").count().exec()).count, 60);
  const scan = await Cat.scan("age").gt(49).parallel(4).all().exec();
  assert.deepEqual([scan.length, scan.scannedCount], [10, 61]);
  const read = await Cat.batchGet([{ id: "b", number: 1 }, { id: "none", number: 1 }], { attributes: ["id", "number"] });
  assert.deepEqual([numbers(read), read.unprocessedKeys], [[1], []]);
  await Cat.batchDelete([{ id: "b", number: 1 }, { id: "b", number: 2 }]);
}

async function transactions() {
  const { create, update, condition, get } = Cat.transaction;
  const fresh = { id: "t", number: 1, name: "t" };
  await dynamoose.transaction([create(fresh), update({ id: "b", number: 3 }, { name: "three" }), Cat.transaction.delete({ id: "b", number: 4 }), condition(key, where("tame").eq(true))]);
  await assert.rejects(dynamoose.transaction([create(fresh), Cat.transaction.delete({ id: "b", number: 5 })]), (error) => {
    assert.deepEqual(error.CancellationReasons.map((reason) => reason.Code), ["ConditionalCheckFailed", "None"]);
    return error.name === "TransactionCanceledException";
  });
  assert.deepEqual((await dynamoose.transaction([get({ id: "t", number: 1 }), get({ id: "b", number: 3 })])).map((item) => item.name), ["t", "three"]);
  await Cat.delete({ id: "t", number: 1 }, { condition: where("name").eq("t") });
  assert.equal(await Cat.get({ id: "t", number: 1 }), undefined);
}

await new Table("cats", [Cat], { ...options, create: true, tags: { team: "a" }, streamOptions: { enabled: true, type: "NEW_IMAGE" } }).initialize();
assert.deepEqual(await described(), ["ACTIVE", ["byMail", "byName"], "NEW_IMAGE", undefined, [{ Key: "team", Value: "a" }], "until"]);
await items();
await pages();
await transactions();
// The same table for a model with other indexes: one goes, one comes and is filled, the rest is described as it was.
const Aged = dynamoose.model("Aged", new Schema({ ...keys, name: named, age: { type: Number, index: { name: "byAge", type: "global" } } }));
await new Table("cats", [Aged], { ...options, create: false, tags: { team: "b", more: "c" }, streamOptions: { enabled: false }, tableClass: "infrequentAccess" }).initialize();
assert.deepEqual(await described(), ["ACTIVE", ["byAge", "byName"], undefined, "STANDARD_INFREQUENT_ACCESS", [{ Key: "team", Value: "b" }, { Key: "more", Value: "c" }], "until"]);
assert.deepEqual(numbers(await Aged.query("age").eq(42).exec()), [42]);
