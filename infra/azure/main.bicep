// The control plane on Azure: one resource group with all it needs. `azd up` deploys it together with the app; see docs/azure.md.
targetScope = 'subscription'

@minLength(1)
@maxLength(32)
@description('Name of the environment; part of the resource group\'s name and of every tag.')
param environmentName string

@minLength(1)
@description('Region of all resources; it must offer Functions on Flex Consumption.')
param location string

@description('Memory of one instance, in MB; processor and price go with it.')
@allowed([512, 2048, 4096])
param instanceMemory int = 512

@description('Most instances at the same time.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances kept warm for webhooks and agents\' calls; each costs money also when idle. 0 starts one when a request comes.')
@minValue(0)
@maxValue(20)
param alwaysReady int = 0

@description('Days that logs and traces are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Mail address that alerts go to; empty makes no alerts.')
param alertMail string = ''

@description('Put the app\'s way to storage and Key Vault into a private network; costs more. The app, and Service Bus for the agents, stay reachable from the internet.')
param privateNetwork bool = false

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName, app: 'vpspilot' }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-vpspilot-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: { name: 'id-vpspilot-${token}', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    token: token
    location: location
    tags: tags
    retentionDays: logRetentionDays
    publisherId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  name: 'network'
  params: { token: token, location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: 'st${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    endpointSubnetId: network.?outputs.?endpointSubnetId ?? ''
    networkId: network.?outputs.?networkId ?? ''
  }
}

module queues 'modules/servicebus.bicep' = {
  scope: group
  name: 'servicebus'
  params: { name: 'sb-vpspilot-${token}', location: location, tags: tags, appPrincipalId: identity.outputs.principalId }
}

module vault 'modules/keyvault.bicep' = {
  scope: group
  name: 'keyvault'
  params: {
    name: 'kv-vp-${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    endpointSubnetId: network.?outputs.?endpointSubnetId ?? ''
    networkId: network.?outputs.?networkId ?? ''
  }
}

module app 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  params: {
    name: 'func-vpspilot-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packagesContainer: storage.outputs.packagesContainer
    serviceBusNamespace: queues.outputs.hostName
    keyVaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.insightsConnection
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alwaysReady: alwaysReady
    subnetId: network.?outputs.?appSubnetId ?? ''
  }
}

module alerts 'modules/alerts.bicep' = if (alertMail != '') {
  scope: group
  name: 'alerts'
  params: {
    token: token
    location: location
    tags: tags
    mail: alertMail
    insightsId: monitoring.outputs.insightsId
    serviceBusName: queues.outputs.name
  }
}

output AZURE_LOCATION string = location
output RESOURCE_GROUP string = group.name
output FUNCTION_APP string = app.outputs.name
output PUBLIC_URL string = app.outputs.url
output SERVICE_BUS string = queues.outputs.hostName
output KEY_VAULT string = vault.outputs.uri
output STORAGE_ACCOUNT string = storage.outputs.name
