// Puts events by a global endpoint while its primary region is well, ill and well again: ENDPOINT ACCOUNT ENDPOINT_ID BUS HEALTH_CHECK.
// Prints what each request was signed with, and its answer.
import '@aws-sdk/signature-v4a'; // SigV4A without the common runtime
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const [endpoint, account, EndpointId, EventBusName, arn] = process.argv.slice(2);
const events = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: account, secretAccessKey: 'test' } });
const signed = [];
events.middlewareStack.add(
  (next) => (args) => {
    signed.push({ authorization: args.request.headers.authorization, regions: args.request.headers['x-amz-region-set'] });
    return next(args);
  },
  { step: 'finalizeRequest', priority: 'low' },
);
const answers = [];
for (const [n, healthy] of [true, false, true].entries()) {
  await fetch(`${endpoint}/_virga/bus/health-checks`, { method: 'POST', body: JSON.stringify({ arn, healthy }) });
  const Entries = [{ EventBusName, Source: 'shop', DetailType: 'Order', Detail: JSON.stringify({ n }) }];
  answers.push(await events.send(new PutEventsCommand({ EndpointId, Entries })));
}
console.log(JSON.stringify({ signed, failed: answers.map((a) => a.FailedEntryCount) }));
