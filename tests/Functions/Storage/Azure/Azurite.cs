using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace VpsPilot.Functions.Tests.Storage.Azure;

/// <summary>The storage emulator, one for all tests that ask for it: blobs and tables on free ports, in memory.</summary>
public sealed partial class Azurite : IAsyncLifetime
{
    /// <summary>The emulator's published account.</summary>
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private Process? process;

    /// <summary>Connection string of its services.</summary>
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Folder(), "node_modules", ".package-lock.json")))
            await RunAsync("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
        process = Process.Start(new ProcessStartInfo("node", ["node_modules/azurite/dist/src/azurite.js", "--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0"])
        {
            WorkingDirectory = Folder(),
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        _ = process.StandardError.ReadToEndAsync();
        var ports = await PortsAsync(process).WaitAsync(TimeSpan.FromSeconds(90));
        _ = process.StandardOutput.ReadToEndAsync();
        ConnectionString = $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint=http://127.0.0.1:{ports["Blob"]}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{ports["Table"]}/devstoreaccount1;";
    }

    public async Task DisposeAsync()
    {
        if (process is null)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        process.Dispose();
    }

    /// <summary>Each service says where it listens.</summary>
    private static async Task<Dictionary<string, string>> PortsAsync(Process process)
    {
        var ports = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!(ports.ContainsKey("Blob") && ports.ContainsKey("Table")))
        {
            var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The storage emulator ended.");
            if (Listening().Match(line) is { Success: true } match)
                ports[match.Groups["service"].Value] = match.Groups["port"].Value;
        }

        return ports;
    }

    private static async Task RunAsync(string file, params string[] arguments)
    {
        using var installing = Process.Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = Folder() })!;
        await installing.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(10));
        installing.ExitCode.ShouldBe(0);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../azurite"));

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}

[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<Azurite>
{
    public const string Name = "azurite";
}
