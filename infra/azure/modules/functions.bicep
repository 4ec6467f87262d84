// The Functions app on Flex Consumption. Everything it reaches, it reaches as its identity.
param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param packagesContainer string
param serviceBusNamespace string
param keyVaultUri string

@secure()
param insightsConnection string

param instanceMemory int
param maximumInstances int
param alwaysReady int

@description('Subnet the app goes out through; empty for none.')
param subnetId string

var url = 'https://${name}.azurewebsites.net'

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: subnetId == '' ? null : subnetId
    siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled' }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packagesContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: alwaysReady }]
        // Streams of the dashboard wait more than they work: by Azure's default four of them would fill a small instance.
        triggers: { http: { perInstanceConcurrency: 64 } }
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__accountName: storageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      ServiceBusConnection__fullyQualifiedNamespace: serviceBusNamespace
      ServiceBusConnection__credential: 'managedidentity'
      ServiceBusConnection__clientId: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      AZURE_CLIENT_ID: identityClientId
      Storage__Account: storageName
      KeyVault__Url: keyVaultUri
      Streams__Limit: '00:08:00'
      PublicUrl: url
      // What nodes install; deploy.sh puts it there.
      AgentPackages__Directory: '/home/site/wwwroot/agent'
      // Azure's front end adds the caller's address as the last entry, and nothing else reaches the app.
      ClientAddressHeader: 'X-Forwarded-For'
      // The dashboard is at the root, where the host would show a page of its own.
      AzureWebJobsDisableHomepage: 'true'
      PublicQueueEndpoint: 'amqps://${serviceBusNamespace}'
    }
  }
}

output name string = app.name
output url string = url
