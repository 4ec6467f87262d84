// rhea, an independent AMQP 1.0 library, against the embedded broker. Prints one line per proven step.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createHmac } from 'node:crypto';
import rhea from 'rhea';

const [, , port, key] = process.argv;
const proven = step => console.log(`proven: ${step}`);
const container = rhea.create_container();
const options = { host: '127.0.0.1', port: Number(port), reconnect: false };
const within = (promise, what) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`timeout: ${what}`)), 8000).unref())]);
const event = (emitter, name) => within(once(emitter, name).then(([context]) => context), name);

const connect = async extra => {
  const connection = container.connect({ ...options, ...extra });
  await event(connection, 'connection_open');
  return connection;
};
const request = async (connection, address, body, properties, replyTo) => {
  const receiver = connection.open_receiver({ source: { address }, ...(replyTo ? { target: { address: replyTo } } : {}) });
  const sender = connection.open_sender(address);
  await event(sender, 'sendable');
  const answer = event(receiver, 'message');
  sender.send({ message_id: 'r-1', ...(replyTo ? { reply_to: replyTo } : {}), application_properties: properties, body });
  const { message } = await answer;
  assert.equal(message.correlation_id, 'r-1');
  sender.close();
  receiver.close();
  return message;
};
const token = (path, name, secret, expires = Math.floor(Date.now() / 1000) + 600) => {
  const sr = encodeURIComponent(`amqp://127.0.0.1/${path}`);
  const sig = encodeURIComponent(createHmac('sha256', secret).update(`${sr}\n${expires}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expires}&skn=${name}`;
};
const putToken = (connection, path, value, replyTo) => request(connection, '$cbs', value,
  { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name: `amqp://127.0.0.1/${path}` }, replyTo);
const send = async (sender, message) => {
  if (!sender.sendable()) await event(sender, 'sendable');
  const answer = event(sender, 'accepted');
  sender.send(message);
  await answer;
};

// SASL PLAIN with the root rule.
const connection = await connect({ username: 'RootManageSharedAccessKey', password: key });
const sender = connection.open_sender('orders');
await send(sender, { message_id: 'r-1', subject: 'Build', body: { a: [1, 'two', null] }, message_annotations: { 'x-opt-custom': 'kept' } });
const receiver = connection.open_receiver({ source: 'orders', autoaccept: false, credit_window: 0 });
const next = async from => {
  const arrived = event(from, 'message');
  from.add_credit(1);
  return arrived;
};
let { message, delivery } = await next(receiver);
assert.deepEqual(message.body, { a: [1, 'two', null] });
assert.equal(message.subject, 'Build');
assert.equal(message.message_annotations['x-opt-custom'], 'kept');
assert.equal(message.durable, true);
assert.equal(delivery.tag.length, 16);
delivery.release();
({ message, delivery } = await next(receiver));
assert.equal(message.delivery_count, 1);
delivery.modified({ delivery_failed: true });
({ message, delivery } = await next(receiver));
assert.equal(message.delivery_count, 2);
proven('plain, send, receive, release, modify');

const lockToken = b => Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(i => b[i]));
const answer = await request(connection, 'orders/$management',
  { 'lock-tokens': rhea.types.wrap_array([lockToken(delivery.tag)], 0x98) }, { operation: 'com.microsoft:renew-lock' }, 'reply-1');
assert.equal(answer.application_properties.statusCode, 200);
assert(answer.body.expirations[0] > Date.now());
proven('renew');

delivery.reject({ condition: 'app:bad', description: 'no good' });
const dead = connection.open_receiver({ source: 'orders/$DeadLetterQueue', autoaccept: false, credit_window: 0 });
({ message, delivery } = await next(dead));
assert.equal(message.application_properties.DeadLetterReason, 'app:bad');
assert.equal(message.application_properties.DeadLetterErrorDescription, 'no good');
delivery.accept();
proven('reject to dead letters');

const drained = event(receiver, 'receiver_drained');
receiver.add_credit(5);
receiver.drain_credit();
await drained;
assert.equal(receiver.credit, 0);
receiver.drain = false;
await send(sender, { message_id: 'r-2', body: 'after the drain' });
({ message, delivery } = await next(receiver));
assert.equal(message.body, 'after the drain');
proven('drain');

// What is not settled becomes available when the link closes.
receiver.close();
await event(receiver, 'receiver_close');
const other = connection.open_receiver({ source: 'orders', autoaccept: false, credit_window: 0, rcv_settle_mode: 1 });
({ message, delivery } = await next(other));
assert.equal(message.delivery_count, 1);
const settled = event(other, 'settled');
delivery.update(false, rhea.message.accepted().described());
await settled;
proven('lock lost at close, settled on the second');

await send(sender, { message_id: 'r-3', body: 'later', message_annotations: { 'x-opt-scheduled-enqueue-time': rhea.types.wrap_timestamp(Date.now() + 700) } });
const start = Date.now();
({ message, delivery } = await next(other));
assert(Date.now() - start > 500);
delivery.accept();
proven('schedule');

const big = 'x'.repeat(2_000_000);
const refused = event(sender, 'rejected');
sender.send({ body: big });
assert.equal((await refused).delivery.remote_state.error.condition, 'amqp:link:message-size-exceeded');
proven('too large');
connection.close();

// ANONYMOUS: nothing without a token; a listen token gives no send.
const anonymous = await connect({ username: 'anonymous' });
const early = anonymous.open_sender('orders');
assert.equal((await event(early, 'sender_error')).sender.error.condition, 'amqp:unauthorized-access');
assert.equal((await putToken(anonymous, 'orders', token('orders', 'RootManageSharedAccessKey', 'wrong'))).application_properties['status-code'], 401);
assert.equal((await putToken(anonymous, 'orders', token('orders', 'RootManageSharedAccessKey', key, 1000))).application_properties['status-code'], 401);
assert.equal((await putToken(anonymous, 'guarded', token('orders', 'listener', 'bGlzdGVu'))).application_properties['status-code'], 401);
assert.equal((await putToken(anonymous, 'guarded', token('guarded', 'listener', 'bGlzdGVu'), 'my-replies')).application_properties['status-code'], 202);
const guarded = anonymous.open_receiver('guarded');
await event(guarded, 'receiver_open');
for (const [address, condition] of [['guarded', 'amqp:unauthorized-access'], ['orders', 'amqp:unauthorized-access'], ['nowhere', 'amqp:not-found']]) {
  const forbidden = anonymous.open_sender(address);
  assert.equal((await event(forbidden, 'sender_error')).sender.error.condition, condition);
}
anonymous.close();
proven('tokens and rights');

// Who shows no token cannot fill the broker's memory.
const flood = await connect({ username: 'anonymous' });
const gone = event(flood, 'disconnected');
const tap = flood.open_sender('$cbs');
await event(tap, 'sendable');
tap.send({ body: big });
await gone;
proven('flood');
console.log('all proven');
