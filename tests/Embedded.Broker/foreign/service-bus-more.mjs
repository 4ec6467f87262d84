// The official Service Bus SDK against the embedded broker: what an application does beyond the first steps. Prints one line per proven step.
import assert from 'node:assert/strict';
import { ServiceBusClient } from '@azure/service-bus';

const [, , port, key] = process.argv;
const connectionString = `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key};UseDevelopmentEmulator=true;`;
const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 10000 } });
const proven = step => console.log(`proven: ${step}`);
const sender = client.createSender('orders');
let receiver = client.createReceiver('orders');
const some = async (from, count, wait = 8000) => {
  const found = [];
  while (found.length < count) {
    const more = await from.receiveMessages(count - found.length, { maxWaitTimeInMs: wait });
    assert(more.length > 0, `${count} messages were expected, there are ${found.length}`);
    found.push(...more);
  }
  return found;
};
const one = async from => (await some(from, 1))[0];
const none = async (from, wait = 500) => assert.equal((await from.receiveMessages(1, { maxWaitTimeInMs: wait })).length, 0);

const properties = { text: 'ä', whole: 7, negative: -3, great: 9007199254740991, fraction: 1.5, yes: true, no: false, when: new Date(1700000000000) };
for (const body of [{ n: [1, null, 'x'] }, 'text', 42, true, [1, 2, 3], Buffer.from([0, 255, 1])]) {
  await sender.sendMessages({
    body, messageId: 'p', contentType: 'a/b', correlationId: 'c', subject: 's', to: 't', replyTo: 'r', replyToSessionId: 'rs', timeToLive: 60000, applicationProperties: properties,
  });
  const message = await one(receiver);
  assert.deepEqual(message.body, body);
  const { messageId, contentType, correlationId, subject, to, replyTo, replyToSessionId, timeToLive, applicationProperties } = message;
  assert.deepEqual({ messageId, contentType, correlationId, subject, to, replyTo, replyToSessionId, timeToLive, applicationProperties },
    { messageId: 'p', contentType: 'a/b', correlationId: 'c', subject: 's', to: 't', replyTo: 'r', replyToSessionId: 'rs', timeToLive: 60000,
      // The SDK reads a timestamp as a number.
      applicationProperties: { ...properties, when: 1700000000000 } });
  assert.equal(message.expiresAtUtc - message.enqueuedTimeUtc, 60000);
  await receiver.completeMessage(message);
}
for (const bodyType of ['data', 'value', 'sequence']) {
  await sender.sendMessages({ body: ['a', 'b'], bodyType });
  const message = await one(receiver);
  assert.deepEqual(message.body, ['a', 'b']);
  assert.equal(message._rawAmqpMessage.bodyType, bodyType);
  await receiver.completeMessage(message);
}
proven('all that a message has');

const batch = await sender.createMessageBatch();
let taken = 0;
while (taken < 500 && batch.tryAddMessage({ body: `b-${taken}`, messageId: `b-${taken}`, subject: 'batched', applicationProperties: { n: taken } })) taken++;
assert.equal(taken, 500);
assert(batch.maxSizeInBytes >= 200_000);
await sender.sendMessages(batch);
const batched = await some(receiver, 500);
assert.deepEqual(batched.map(m => m.body), [...Array(500).keys()].map(n => `b-${n}`));
assert(batched.every((m, n) => m.applicationProperties.n === n && m.subject === 'batched'));
await Promise.all(batched.map(m => receiver.completeMessage(m)));
const small = await sender.createMessageBatch({ maxSizeInBytes: 300 });
assert.equal(small.tryAddMessage({ body: 'x'.repeat(1000) }), false);
await none(receiver);
proven('batches');

const [left, right] = [client.createSender('orders'), client.createSender('orders')];
await Promise.all([...Array(200).keys()].map(n => (n % 2 ? left : right).sendMessages({ body: n })));
const both = await some(receiver, 200);
assert.deepEqual(both.map(m => m.body).toSorted((a, b) => a - b), [...Array(200).keys()]);
await Promise.all(both.map(m => receiver.completeMessage(m)));
await left.close();
await right.close();
proven('senders side by side');

await sender.sendMessages([1, 2, 3, 4].map(n => ({ body: n })));
await some(receiver, 2);
await receiver.close();
receiver = client.createReceiver('orders');
const again = await some(receiver, 4);
assert.deepEqual(again.map(m => m.body), [1, 2, 3, 4]);
assert.deepEqual(again.map(m => m.deliveryCount), [1, 1, 0, 0]);
await Promise.all(again.map(m => receiver.completeMessage(m)));
for (let round = 0; round < 10; round++) {
  const passing = client.createReceiver('orders');
  await sender.sendMessages({ body: round });
  const message = await one(passing);
  assert.equal(message.body, round);
  await passing.completeMessage(message);
  await passing.close();
}
await receiver.close();
receiver = client.createReceiver('orders');
proven('receivers that close and open');

let before = Date.now();
await none(receiver, 1500);
assert(Date.now() - before > 1400 && Date.now() - before < 5000, `waited ${Date.now() - before} ms`);
before = Date.now();
setTimeout(() => sender.sendMessages({ body: 'late' }), 700);
const late = await receiver.receiveMessages(10, { maxWaitTimeInMs: 6000 });
assert.deepEqual(late.map(m => m.body), ['late']);
assert(Date.now() - before < 5000);
await receiver.completeMessage(late[0]);
proven('waiting for a message');

await sender.sendMessages([...Array(5).keys()].map(n => ({ body: n })));
const seen = await receiver.peekMessages(2);
const rest = await receiver.peekMessages(10);
assert.deepEqual([...seen, ...rest].map(m => m.body), [0, 1, 2, 3, 4]);
const from = await receiver.peekMessages(10, { fromSequenceNumber: rest[0].sequenceNumber });
assert.deepEqual(from.map(m => m.body), [2, 3, 4]);
const iterated = [];
for await (const message of receiver.getMessageIterator()) {
  iterated.push(message.body);
  await receiver.completeMessage(message);
  if (iterated.length === 5) break;
}
assert.deepEqual(iterated, [0, 1, 2, 3, 4]);
assert.equal((await receiver.peekMessages(1, { fromSequenceNumber: seen[0].sequenceNumber })).length, 0);
proven('peek and iterate');

const ids = await sender.scheduleMessages([{ body: 'a' }, { body: 'b' }], new Date(Date.now() + 3600_000));
await sender.sendMessages({ body: 'c', scheduledEnqueueTimeUtc: new Date(Date.now() + 3600_000) });
const scheduled = await client.createReceiver('orders').peekMessages(10);
assert.deepEqual(scheduled.map(m => [m.body, m.state]), [['a', 'scheduled'], ['b', 'scheduled'], ['c', 'scheduled']]);
assert(scheduled.every(m => m.scheduledEnqueueTimeUtc > new Date()));
await sender.cancelScheduledMessages([...ids, scheduled[2].sequenceNumber]);
await assert.rejects(sender.cancelScheduledMessages(ids), e => e.code === 'MessageNotFound');
assert.equal((await client.createReceiver('orders').peekMessages(10)).length, 0);
proven('scheduled messages');

const poison = client.createReceiver('poison');
await client.createSender('poison').sendMessages({ body: 'poison', messageId: 'p-1' });
for (let delivery = 0; delivery < 3; delivery++) {
  const message = await one(poison);
  assert.equal(message.deliveryCount, delivery);
  await poison.abandonMessage(message);
}
await none(poison);
const dead = client.createReceiver('poison', { subQueueType: 'deadLetter' });
const [found] = await dead.peekMessages(1);
assert.equal(found.deadLetterReason, 'MaxDeliveryCountExceeded');
const message = await one(dead);
assert.match(message.deadLetterErrorDescription, /3 delivery attempts/);
await dead.abandonMessage(message);
await dead.completeMessage(await one(dead));
await client.createSender('poison').sendMessages({ body: 'short', timeToLive: 100 });
const expired = await one(dead);
assert.equal(expired.deadLetterReason, 'TTLExpiredException');
await dead.completeMessage(expired);
proven('dead letters by count and by time');

const unique = client.createSender('unique');
for (const id of ['u-1', 'u-1', 'u-2', 'u-1']) await unique.sendMessages({ body: id, messageId: id });
await unique.sendMessages([{ body: 'u-2', messageId: 'u-2' }, { body: 'u-3', messageId: 'u-3' }]);
const once = client.createReceiver('unique', { receiveMode: 'receiveAndDelete' });
assert.deepEqual((await some(once, 3)).map(m => m.body), ['u-1', 'u-2', 'u-3']);
await none(once);
proven('duplicates');

const handled = [];
const subscribed = client.createReceiver('short-lock');
const failures = [];
await client.createSender('short-lock').sendMessages([1, 2, 3].map(n => ({ body: n })));
await new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`handled ${JSON.stringify(handled)}`)), 20000).unref();
  subscribed.subscribe({
    processMessage: async m => {
      if (m.body === 2 && m.deliveryCount === 0) throw new Error('abandon me');
      if (m.body === 1) await new Promise(done => setTimeout(done, 2500));
      handled.push([m.body, m.deliveryCount]);
      if (handled.length === 3) resolve();
    },
    processError: async e => failures.push(e.error.message),
  }, { maxConcurrentCalls: 1 });
});
await new Promise(done => setTimeout(done, 500));
await subscribed.close();
assert.deepEqual(handled.map(h => h[0]), [1, 2, 3], 'a handler longer than the lock keeps its message, since the SDK renews it');
assert.deepEqual(handled.map(h => h[1]), [0, 1, 0]);
assert.deepEqual(failures, ['abandon me']);
assert.equal((await client.createReceiver('short-lock').peekMessages(1)).length, 0);
proven('subscribe with automatic completion and renewal');

await assert.rejects(client.acceptSession('orders', 's-1'), e => /[Ss]ession/.test(e.message));
await assert.rejects(client.acceptNextSession('orders'), e => /[Ss]ession/.test(e.message));
await sender.sendMessages({ body: 'not put off' });
await assert.rejects(receiver.deferMessage(await one(receiver)), /not supported/);
const kept = await one(receiver);
assert.deepEqual([kept.body, kept.deliveryCount], ['not put off', 1]);
await assert.rejects(receiver.receiveDeferredMessages(kept.sequenceNumber), /not supported/);
await receiver.completeMessage(kept);
proven('sessions and deferral refused');
await client.close();
console.log('all proven');
