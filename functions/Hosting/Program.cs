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
catch (Exception e) when (StartFault.Line(e) is not null)
{
    // A damaged database, a folder or a port that another process has.
    await Console.Error.WriteLineAsync(StartFault.Line(e));
    return 1;
}
