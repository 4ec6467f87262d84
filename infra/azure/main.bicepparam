using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'main')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param alertMail = readEnvironmentVariable('VPSPILOT_ALERT_MAIL', '')
