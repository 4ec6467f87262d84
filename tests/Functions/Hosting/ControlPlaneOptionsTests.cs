using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Tests.Hosting;

public sealed partial class ControlPlaneOptionsTests
{
    [Fact]
    public void One_error_lists_every_setting_that_is_missing_or_wrong()
    {
        var error = Should.Throw<SettingsException>(() => Read(("PublicUrl", "nonsense"), ("Deployments:BuildTimeout", "soon"), ("AgentPackages:Directory", "/does/not/exist")));

        foreach (var part in (string[])["Storage:Directory", "ServiceBusConnection", "PublicUrl", "Deployments:BuildTimeout", "AgentPackages:Directory"])
        {
            error.Message.ShouldContain(part);
        }
    }

    [Fact]
    public void What_is_not_set_has_its_default()
    {
        var options = Read(("Storage:Directory", "/tmp"), ("ServiceBusConnection", "x"), ("Deployments:CancelGrace", "00:00:05"));

        options.BuildTimeout.ShouldBe(TimeSpan.FromMinutes(30));
        options.CancelGrace.ShouldBe(TimeSpan.FromSeconds(5));
        options.PublicUrl.ShouldBeNull();
    }

    [Fact]
    public void What_the_infrastructure_sets_is_what_the_app_reads_and_needs_no_folder()
    {
        var bicep = File.ReadAllText(Path.Combine(Repository.Root, "infra/azure/modules/functions.bicep"));
        var settings = AppSetting().Matches(bicep[bicep.IndexOf("name: 'appsettings'", StringComparison.Ordinal)..]).Select(m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)).ToList();

        var options = Read([.. settings.Select(s => (s, s switch { "Streams:Limit" => "00:08:00", "KeyVault:Url" or "PublicUrl" => "https://example.com", "AgentPackages:Directory" => Path.GetTempPath(), _ => "text" }))]);

        options.StorageDirectory.ShouldBeNull();
        options.ServiceBusConnection.ShouldBeNull();
        foreach (var value in (object?[])[options.StorageAccount, options.KeyVaultUrl, options.ServiceBusNamespace, options.StreamLimit, options.PublicUrl, options.PublicQueueEndpoint, options.AgentPackagesDirectory, options.ClientAddressHeader])
        {
            value.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Without_a_vault_or_an_account_the_folder_is_needed()
    {
        Should.Throw<SettingsException>(() => Read(("ServiceBusConnection", "x"), ("Storage:Account", "x"))).Message.ShouldContain("Storage:Directory");
        Should.Throw<SettingsException>(() => Read(("ServiceBusConnection", "x"), ("KeyVault:Url", "https://example.com"))).Message.ShouldContain("Storage:Directory");
    }

    [GeneratedRegex("^      (?<name>[A-Za-z_]+): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AppSetting();

    private static ControlPlaneOptions Read(params (string Key, string Value)[] settings) =>
        ControlPlaneOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build());
}
