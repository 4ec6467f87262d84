// Durable Functions' task hub, the control plane's state (tables) and logs (append blobs), and the app's own package. No keys: identity only.
param name string
param location string
param tags object
param appPrincipalId string

@description('Subnet for private endpoints; empty leaves the account reachable from the internet, by identity.')
param endpointSubnetId string

@description('Network that resolves the private names; empty without private endpoints.')
param networkId string

var packages = 'app-package'
var isPrivate = endpointSubnetId != ''
var services = ['blob', 'queue', 'table']
var roles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner: package, logs, leases of the task hub
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor: queues of the task hub
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor: state, histories of the task hub
]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: packages
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, appPrincipalId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: appPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

module endpoints 'endpoint.bicep' = [
  for service in services: if (isPrivate) {
    name: 'endpoint-${service}'
    params: {
      name: 'pe-${name}-${service}'
      location: location
      tags: tags
      subnetId: endpointSubnetId
      networkId: networkId
      targetId: account.id
      part: service
      zone: 'privatelink.${service}.${environment().suffixes.storage}'
    }
  }
]

output name string = account.name
output packagesContainer string = container.name
