using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace VpsPilot.Infra.Tests;

/// <summary>The Bicep compiler, and the files it is run on.</summary>
internal static class Bicep
{
    private static readonly Dictionary<string, string> Paths = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(a => a.Key, a => a.Value!, StringComparer.Ordinal);

    /// <summary>Folder of the infrastructure.</summary>
    public static string Folder { get; } = Path.GetFullPath(Paths["Infra"]);

    /// <summary>All Bicep files.</summary>
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Runs the compiler; its output and errors.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Paths["Bicep"], arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        File.SetUnixFileMode(Paths["Bicep"], File.GetUnixFileMode(Paths["Bicep"]) | UnixFileMode.UserExecute);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The whole deployment as the template that Azure gets.</summary>
    public static async Task<JsonObject> CompileAsync()
    {
        var (code, output, errors) = await RunAsync("build", Path.Combine(Folder, "main.bicep"), "--stdout");
        code.ShouldBe(0, errors);
        return JsonNode.Parse(output)!.AsObject();
    }
}
