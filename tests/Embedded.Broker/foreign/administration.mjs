// The official administration client against the broker's management API. Prints one line per proven step.
import assert from 'node:assert/strict';
import { ServiceBusAdministrationClient } from '@azure/service-bus';

const [, , port, key] = process.argv;
const proven = step => console.log(`proven: ${step}`);
// The client knows https on the standard port only.
const toLoopback = {
  name: 'toLoopback',
  sendRequest(request, next) {
    const url = new URL(request.url);
    request.url = `http://127.0.0.1:${port}${url.pathname}${url.search}`;
    request.allowInsecureConnection = true;
    return next(request);
  },
};
const client = secret => {
  const made = new ServiceBusAdministrationClient(
    `Endpoint=sb://127.0.0.1/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${secret}`,
    { retryOptions: { maxRetries: 0 } });
  made.pipeline.addPolicy(toLoopback, { afterPhase: 'Sign' });
  return made;
};
const administration = client(key);
const rule = { keyName: 'agent', primaryKey: 'cHJpbWFyeQ==', secondaryKey: 'c2Vjb25kYXJ5', accessRights: ['Listen'], claimType: 'SharedAccessKey', claimValue: 'None' };

const created = await administration.createQueue('node-1', {
  lockDuration: 'PT30S', maxDeliveryCount: 5, deadLetteringOnMessageExpiration: true, requiresDuplicateDetection: true,
  duplicateDetectionHistoryTimeWindow: 'PT1H', defaultMessageTimeToLive: 'P2D', authorizationRules: [rule],
});
assert.equal(created.name, 'node-1');
const queue = await administration.getQueue('node-1');
assert.equal(queue.lockDuration, 'PT30S');
assert.equal(queue.maxDeliveryCount, 5);
assert.equal(queue.deadLetteringOnMessageExpiration, true);
assert.equal(queue.requiresDuplicateDetection, true);
assert.equal(queue.duplicateDetectionHistoryTimeWindow, 'PT1H');
assert.equal(queue.defaultMessageTimeToLive, 'P2D');
assert.equal(queue.status, 'Active');
assert.deepEqual(queue.authorizationRules.map(({ keyName, primaryKey, accessRights }) => ({ keyName, primaryKey, accessRights })),
  [{ keyName: 'agent', primaryKey: 'cHJpbWFyeQ==', accessRights: ['Listen'] }]);
await assert.rejects(administration.createQueue('node-1'), e => e.statusCode === 409);
proven('create, get');

await administration.updateQueue({ ...queue, maxDeliveryCount: 9 });
assert.equal((await administration.getQueue('node-1')).maxDeliveryCount, 9);
proven('update');

await administration.createQueue('node-2');
const names = [];
for await (const each of administration.listQueues()) names.push(each.name);
assert.deepEqual(names, ['node-1', 'node-2']);
const counts = await administration.getQueueRuntimeProperties('node-2');
assert.equal(counts.activeMessageCount, 0);
assert.equal(counts.totalMessageCount, 0);
proven('list, count');

await administration.deleteQueue('node-1');
assert.equal(await administration.queueExists('node-1'), false);
assert.equal(await administration.queueExists('node-2'), true);
await assert.rejects(client('d3Jvbmc=').getQueue('node-2'), e => e.statusCode === 401);
proven('delete, refuse');
