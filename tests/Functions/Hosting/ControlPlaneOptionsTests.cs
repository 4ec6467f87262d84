using Microsoft.Extensions.Configuration;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Tests.Hosting;

public sealed class ControlPlaneOptionsTests
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

    private static ControlPlaneOptions Read(params (string Key, string Value)[] settings) =>
        ControlPlaneOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build());
}
