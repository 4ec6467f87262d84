// The users' secrets and the control plane's own keys. Access by role only; nothing can be purged before its time.
param name string
param location string
param tags object
param appPrincipalId string
param workspaceId string

@description('Subnet for the private endpoint; empty leaves the vault reachable from the internet, by identity.')
param endpointSubnetId string

@description('Network that resolves the private name; empty without a private endpoint.')
param networkId string

var secretsOfficer = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
)
var isPrivate = endpointSubnetId != ''

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate ? 'disabled' : 'enabled'
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, secretsOfficer)
  scope: vault
  properties: { roleDefinitionId: secretsOfficer, principalId: appPrincipalId, principalType: 'ServicePrincipal' }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'audit', enabled: true }] }
}

module endpoint 'endpoint.bicep' = if (isPrivate) {
  name: 'endpoint-vault'
  params: {
    name: 'pe-${name}'
    location: location
    tags: tags
    subnetId: endpointSubnetId
    networkId: networkId
    targetId: vault.id
    part: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
}

output uri string = vault.properties.vaultUri
