// What a person should hear of: functions that fail, and messages that nobody could handle.
param token string
param location string
param tags object
param mail string
param insightsId string
param serviceBusName string

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-vpspilot-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'vpspilot'
    enabled: true
    emailReceivers: [{ name: 'owner', emailAddress: mail, useCommonAlertSchema: true }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages that could not be handled are in a dead-letter queue.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead'
          metricName: 'DeadletteredMessages'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

resource failures 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'failed-requests-${token}'
  location: location
  tags: tags
  properties: {
    description: 'Functions failed in the last quarter of an hour.'
    severity: 2
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          // What came by a queue or a timer has no status of HTTP; a 4xx is the caller's mistake.
          query: 'requests | where success == false and not(coalesce(tolong(resultCode), 0) between (100 .. 499))'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}
