using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes;

/// <summary>The install script and the agent's binary, for <c>curl … | sh</c> on a new node.</summary>
internal sealed class InstallFunctions(ControlPlaneOptions options)
{
    private const string Binary = "vpspilot-agent";
    private const string Script = "install.sh";

    [Function(nameof(GetInstallScript))]
    [OpenEndpoint]
    public IActionResult GetInstallScript([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "install.sh")] HttpRequest request) =>
        options.AgentPackagesDirectory is not { } folder ? Unset()
        : File.Exists(Path.Combine(folder, Script)) ? new FileAnswer(Path.Combine(folder, Script), "text/x-shellscript; charset=utf-8")
        : Answers.Problem(404, "install-script-not-found", "There is no install script.", $"AgentPackages:Directory has no {Script}.");

    /// <summary>The binary of one .NET runtime id, for example <c>linux-x64</c>: <c>&lt;folder&gt;/&lt;rid&gt;/vpspilot-agent</c>, or <c>&lt;folder&gt;/vpspilot-agent-&lt;rid&gt;</c>.</summary>
    [Function(nameof(GetAgentBinary))]
    [OpenEndpoint]
    public async Task<IActionResult> GetAgentBinary([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "agent/binary/{rid}")] HttpRequest request, string rid, CancellationToken ct)
    {
        if (options.AgentPackagesDirectory is not { } folder)
        {
            return Unset();
        }

        if (rid.Length is 0 or > 40 || !rid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || Find(folder, rid) is not { } file)
        {
            return Answers.Problem(404, "agent-binary-not-found", $"There is no agent binary for '{rid}'.");
        }

        await using (var stream = File.OpenRead(file))
        {
            request.HttpContext.Response.Headers["X-Checksum-Sha256"] = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
        }

        return new FileAnswer(file, "application/octet-stream");
    }

    private static IActionResult Unset() =>
        Answers.Problem(404, "agent-packages-unset", "This control plane serves no agent packages.", "Set AgentPackages:Directory to the folder that has them.");

    private static string? Find(string folder, string rid) =>
        new[] { Path.Combine(folder, rid, Binary), Path.Combine(folder, $"{Binary}-{rid}"), Path.Combine(folder, Binary) }.FirstOrDefault(File.Exists);
}
