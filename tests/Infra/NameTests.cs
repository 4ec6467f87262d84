using System.Text.RegularExpressions;

namespace VpsPilot.Infra.Tests;

/// <summary>Every name is within the limits of its service.</summary>
/// <remarks>Source: Azure documentation, "Naming rules and restrictions for Azure resources".</remarks>
public sealed class NameTests
{
    private const string Web = "^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$";
    private const string Network = "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}[a-zA-Z0-9_]$";
    private const string Insights = @"^(?!.*[ .]$)[^*#&+:<>?@%{}\\/|]{1,260}$";

    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["Microsoft.Authorization/roleAssignments"] = "^[0-9a-f-]{36}$",
        ["Microsoft.Insights/actionGroups"] = Insights,
        ["Microsoft.Insights/components"] = Insights,
        ["Microsoft.Insights/diagnosticSettings"] = Insights,
        ["Microsoft.Insights/metricAlerts"] = Insights,
        ["Microsoft.Insights/scheduledQueryRules"] = Insights,
        ["Microsoft.KeyVault/vaults"] = "^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$",
        ["Microsoft.Network/privateDnsZones"] = @"^(?=.{1,253}$)[a-zA-Z0-9-]{1,63}(\.[a-zA-Z0-9-]{1,63}){1,33}$",
        ["Microsoft.Network/privateDnsZones/virtualNetworkLinks"] = Network,
        ["Microsoft.Network/privateEndpoints"] = Network,
        ["Microsoft.Network/privateEndpoints/privateDnsZoneGroups"] = Network,
        ["Microsoft.Network/virtualNetworks"] = Network,
        ["Microsoft.OperationalInsights/workspaces"] = "^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$",
        ["Microsoft.Resources/deployments"] = @"^[a-zA-Z0-9._()-]{1,64}$",
        ["Microsoft.Resources/resourceGroups"] = @"^[a-zA-Z0-9._()-]{0,89}[a-zA-Z0-9_()-]$",
        ["Microsoft.ServiceBus/namespaces"] = "^[a-zA-Z](?!.*(-sb|-mgmt)$)[a-zA-Z0-9-]{4,48}[a-zA-Z0-9]$",
        ["Microsoft.ServiceBus/namespaces/queues"] = "^[a-zA-Z0-9]([a-zA-Z0-9._/-]{0,258}[a-zA-Z0-9])?$",
        ["Microsoft.Storage/storageAccounts"] = "^[a-z0-9]{3,24}$",
        ["Microsoft.Storage/storageAccounts/blobServices"] = "^default$",
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = "^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$",
        ["Microsoft.Web/serverfarms"] = Web,
        ["Microsoft.Web/sites"] = Web,
        ["Microsoft.Web/sites/config"] = "^appsettings$",
    };

    [Fact]
    public async Task Every_name_is_within_the_limits_of_its_service()
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["environmentName"] = new('e', 32), ["location"] = "westeurope", ["alertMail"] = "ops@example.net" };

        var names = TemplateResources.Of(await Bicep.CompileAsync(), parameters).ToList();

        names.Select(n => n.Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(Rules.Keys.Order(StringComparer.Ordinal));
        names.Where(n => !Regex.IsMatch(n.Name, Rules[n.Type], RegexOptions.None, TimeSpan.FromSeconds(1))).ShouldBeEmpty();
    }
}
