// A private endpoint and the name that leads to it.
param name string
param location string
param tags object
param subnetId string
param networkId string
param targetId string

@description('Part of the target: blob, queue, table, vault.')
param part string

@description('Private DNS zone of that part.')
param zone string

resource dns 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zone
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'link'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [{ name: part, properties: { privateLinkServiceId: targetId, groupIds: [part] } }]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: part, properties: { privateDnsZoneId: dns.id } }] }
  }
}
