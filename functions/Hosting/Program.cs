using Microsoft.Extensions.Hosting;
using VpsPilot.Functions.Hosting;

try
{
    using var host = ControlPlaneApp.Build(args);
    await ControlPlaneApp.PrepareAsync(host, CancellationToken.None);
    await host.RunAsync();
    return 0;
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
