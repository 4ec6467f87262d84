using System.Text.Json.Nodes;

namespace VpsPilot.Testbed.Stack;

/// <summary>Asks the deployed app itself, from inside its VPS.</summary>
public static class RunningApp
{
    /// <summary>The version the app answers with, and its main process.</summary>
    /// <exception cref="InvalidOperationException">Nothing serves.</exception>
    public static async Task<(string Version, int Pid)> AskAsync(TestVps vps, string project, CancellationToken ct = default)
    {
        var pid = (await vps.RunAsync(["systemctl", "show", "--value", "--property=MainPID", Unit(project)], ct)).Trim();
        var body = JsonNode.Parse(await BodyAsync(vps, await PortAsync(vps, project, ct), ct))!;
        return ((string)body["version"]!, int.Parse(pid));
    }

    /// <summary>Body of <c>GET /</c> on a loopback port.</summary>
    public static Task<string> BodyAsync(TestVps vps, int port, CancellationToken ct = default) => BodyAsync(vps, port, "", ct);

    /// <summary>Body of a path, given without its first slash, on a loopback port.</summary>
    public static async Task<string> BodyAsync(TestVps vps, int port, string path, CancellationToken ct = default) =>
        (await vps.RunAsync(["curl", "--silent", "--fail", "--max-time", "5", $"http://127.0.0.1:{port}/{path}"], ct)).Trim();

    private static async Task<int> PortAsync(TestVps vps, string project, CancellationToken ct)
    {
        var environment = await vps.RunAsync(["systemctl", "show", "--value", "--property=Environment", Unit(project)], ct);
        var port = environment.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Single(v => v.Trim('"').StartsWith("PORT=", StringComparison.Ordinal));
        return int.Parse(port.Trim('"')[5..]);
    }

    private static string Unit(string project) => $"vpspilot-project-{project}.service";
}
