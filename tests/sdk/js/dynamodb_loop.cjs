// A loop of calls that create, read, change and remove items: node dynamodb_loop.cjs ENDPOINT ACCOUNT NODE_MODULES. Prints what it saw.
const [endpoint, account, modules] = process.argv.slice(2);
const { createRequire } = require("node:module");
const load = createRequire(modules + "/");
const sdk = load("@aws-sdk/client-dynamodb");

const client = new sdk.DynamoDBClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: account, secretAccessKey: "test" } });
const send = (Command, input) => client.send(new sdk[Command + "Command"]({ TableName: "table", ...input }));
const key = { pk: { S: "a" } };

async function caught(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("was not refused");
}

async function main() {
  const seen = { counts: [] };
  await send("PutItem", { Item: key });
  for (let i = 0; i < 3; ++i) {
    const add = { Key: key, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } }, ReturnValues: "UPDATED_NEW" };
    seen.counts.push(Number((await send("UpdateItem", add)).Attributes.n.N));
  }
  const failed = await caught(send("PutItem", { Item: key, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" }));
  seen.condition = failed.name;
  seen.old = failed.Item.pk.S;
  for (let batch = 0; batch < 2; ++batch) {
    const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { pk: { S: `item ${batch} ${i}` }, b: { B: new Uint8Array([i]) } } } }));
    await client.send(new sdk.BatchWriteItemCommand({ RequestItems: { table: puts } }));
  }
  await send("DeleteItem", { Key: key });
  const items = [];
  for await (const page of sdk.paginateScan({ client, pageSize: 7 }, { TableName: "table" })) items.push(...page.Items);
  seen.items = items.length;
  for (const item of items) await send("DeleteItem", { Key: { pk: item.pk }, ConditionExpression: "b = :b", ExpressionAttributeValues: { ":b": item.b } });
  seen.left = (await send("Scan", {})).Count;
  const check = { TableName: "table", Key: key, ConditionExpression: "attribute_exists(pk)" };
  const transaction = { TransactItems: [{ Put: { TableName: "table", Item: { pk: { S: "b" } } } }, { ConditionCheck: check }] };
  seen.cancelled = (await caught(client.send(new sdk.TransactWriteItemsCommand(transaction)))).CancellationReasons.map((r) => r.Code);
  console.log(JSON.stringify(seen));
}

main();
