// One queue a node, and one that all nodes report to; the app makes and deletes them. Agents come with SAS tokens for single queues, so local
// authentication stays on; the app itself uses its identity.
param name string
param location string
param tags object
param appPrincipalId string

var dataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '090c5cfd-751d-490a-894a-3ce6f1109419'
)

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard' }
  properties: { minimumTlsVersion: '1.2' }
}

resource events 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'agent-events'
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, appPrincipalId, dataOwner)
  scope: namespace
  properties: { roleDefinitionId: dataOwner, principalId: appPrincipalId, principalType: 'ServicePrincipal' }
}

output name string = namespace.name
output hostName string = '${namespace.name}.servicebus.windows.net'
