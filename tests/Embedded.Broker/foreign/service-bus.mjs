// The official Service Bus SDK against the embedded broker. Prints one line per proven step.
import assert from 'node:assert/strict';
import { ServiceBusClient } from '@azure/service-bus';

const [, , port, key] = process.argv;
const connectionString = `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key};UseDevelopmentEmulator=true;`;
const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 1, timeoutInMs: 10000 } });
const proven = step => console.log(`proven: ${step}`);
const sender = client.createSender('orders');
const receiver = client.createReceiver('orders');
const one = async (from, wait = 8000) => {
  const [message] = await from.receiveMessages(1, { maxWaitTimeInMs: wait });
  assert(message, 'a message was expected');
  return message;
};
const none = async (from, wait = 500) => assert.equal((await from.receiveMessages(1, { maxWaitTimeInMs: wait })).length, 0);

await sender.sendMessages({
  body: { n: 1 }, messageId: 'm-1', subject: 'Build', contentType: 'application/json', correlationId: 'c-1',
  applicationProperties: { traceparent: '00-ab-cd-01', count: 7, good: true },
});
let message = await one(receiver);
assert.deepEqual(message.body, { n: 1 });
assert.equal(message.messageId, 'm-1');
assert.equal(message.subject, 'Build');
assert.equal(message.contentType, 'application/json');
assert.equal(message.correlationId, 'c-1');
assert.deepEqual(message.applicationProperties, { traceparent: '00-ab-cd-01', count: 7, good: true });
assert.equal(message.deliveryCount, 0);
assert(message.sequenceNumber.toNumber() > 0);
assert(Math.abs(message.enqueuedTimeUtc - Date.now()) < 60000);
assert(message.lockedUntilUtc > new Date());
await receiver.completeMessage(message);
await none(receiver);
proven('send, receive, complete');

await sender.sendMessages([1, 2, 3].map(n => ({ body: `batch ${n}`, messageId: `b-${n}` })));
const batch = [];
while (batch.length < 3) batch.push(...await receiver.receiveMessages(3 - batch.length, { maxWaitTimeInMs: 5000 }));
assert.deepEqual(batch.map(m => m.body), ['batch 1', 'batch 2', 'batch 3']);
for (const m of batch) await receiver.completeMessage(m);
proven('batch');

await sender.sendMessages({ body: Buffer.alloc(200_000, 7), messageId: 'large' });
message = await one(receiver);
assert.equal(message.body.length, 200_000);
await receiver.completeMessage(message);
proven('large message');

await sender.sendMessages({ body: 'again', messageId: 'm-2' });
message = await one(receiver);
await receiver.abandonMessage(message, { why: 'busy' });
message = await one(receiver);
assert.equal(message.deliveryCount, 1);
assert.equal(message.applicationProperties.why, 'busy');
proven('abandon');

const before = message.lockedUntilUtc;
await new Promise(resolve => setTimeout(resolve, 300));
const renewed = await receiver.renewMessageLock(message);
assert(renewed > before, `${renewed} is not later than ${before}`);
proven('renew');

await receiver.deadLetterMessage(message, { deadLetterReason: 'bad', deadLetterErrorDescription: 'cannot be read', extra: 'x' });
const dead = client.createReceiver('orders', { subQueueType: 'deadLetter' });
message = await one(dead);
assert.equal(message.deadLetterReason, 'bad');
assert.equal(message.deadLetterErrorDescription, 'cannot be read');
assert.equal(message.applicationProperties.extra, 'x');
await dead.completeMessage(message);
await none(receiver);
proven('dead-letter');

const due = new Date(Date.now() + 1500);
const [kept, canceled] = await sender.scheduleMessages([{ body: 'later', messageId: 's-1' }, { body: 'never', messageId: 's-2' }], due);
const peeked = await receiver.peekMessages(10);
assert.deepEqual(peeked.map(m => m.body), ['later', 'never']);
assert.equal(peeked[0].state, 'scheduled');
await sender.cancelScheduledMessages(canceled);
await none(receiver, 300);
message = await one(receiver);
assert.equal(message.body, 'later');
assert(new Date() >= due && message.sequenceNumber.gt(kept));
await receiver.completeMessage(message);
await none(receiver);
proven('schedule, peek, cancel');

await sender.sendMessages({ body: 'once', messageId: 'd-1' });
const deleting = client.createReceiver('orders', { receiveMode: 'receiveAndDelete' });
assert.equal((await one(deleting)).body, 'once');
await deleting.close();
await none(receiver);
proven('receive and delete');

await sender.sendMessages({ body: 'short', messageId: 't-1', timeToLive: 200 });
await new Promise(resolve => setTimeout(resolve, 500));
await none(receiver);
proven('time to live');

const small = client.createReceiver('short-lock', { maxAutoLockRenewalDurationInMs: 0 });
await client.createSender('short-lock').sendMessages({ body: 'slow', messageId: 'l-1' });
message = await one(small);
await new Promise(resolve => setTimeout(resolve, 1500));
await assert.rejects(small.completeMessage(message), e => e.code === 'MessageLockLost');
message = await one(small);
assert.equal(message.deliveryCount, 1);
await small.completeMessage(message);
proven('lost lock');

const streamed = [];
const done = new Promise((resolve, reject) => receiver.subscribe({
  processMessage: async m => { streamed.push(m.body); if (streamed.length === 50) resolve(); },
  processError: async e => reject(e.error),
}, { maxConcurrentCalls: 8 }));
for (let i = 0; i < 50; i++) await sender.sendMessages({ body: i });
await done;
assert.deepEqual(streamed.toSorted((a, b) => a - b), [...Array(50).keys()]);
proven('subscribe');

await assert.rejects(client.createSender('nowhere').sendMessages({ body: 1 }), e => e.code === 'MessagingEntityNotFound');
const stranger = new ServiceBusClient(connectionString.replace(key, 'd3Jvbmc='), { retryOptions: { maxRetries: 0 } });
await assert.rejects(stranger.createSender('orders').sendMessages({ body: 1 }), e => e.code === 'UnauthorizedAccess');
await stranger.close();
proven('refusals');
await client.close();
console.log('all proven');
