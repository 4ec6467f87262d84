using System.Diagnostics;
using System.Globalization;

namespace VpsPilot.Embedded.Broker.Tests;

/// <summary>A broker in a child process, over a database that outlives it.</summary>
internal sealed class BrokerProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Process process;

    private BrokerProcess(Process process) => this.process = process;

    public static async Task<BrokerProcess> StartAsync(string database, int port)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "VpsPilot.Embedded.Broker.CrashChild.dll");
        string[] arguments = [program, database, port.ToString(CultureInfo.InvariantCulture), BrokerFixture.RootKey];
        var started = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await started.StandardOutput.ReadLineAsync().WaitAsync(Limit)).ShouldBe("ready");
        return new(started);
    }

    /// <summary>SIGKILL: the process has no chance to do anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit(Limit).ShouldBeTrue();
        process.Dispose();
    }

    public async Task StopAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Limit);
        process.ExitCode.ShouldBe(0);
        process.Dispose();
    }
}
