using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes;

/// <summary>The install script and the agent's binary, for <c>curl … | sh</c> on a new node.</summary>
internal sealed class InstallFunctions(AgentPackages packages, TrustedAuthority authority)
{
    [Function(nameof(GetInstallScript))]
    [OpenEndpoint]
    [Api("The install script of the agent", Media = "text/x-shellscript")]
    public async Task<IActionResult> GetInstallScript([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/install.sh")] HttpRequest request, CancellationToken ct) =>
        packages.Folder is null ? Unset()
        : packages.Script is { } file ? await FileAsync(request, file, "text/x-shellscript; charset=utf-8", ct)
        : Answers.Problem(404, "install-script-not-found", "There is no install script.", "AgentPackages:Directory has no install.sh.");

    /// <summary>The certificate authority of this server, which the install command pins by its SHA-256.</summary>
    [Function(nameof(GetCertificateAuthority))]
    [OpenEndpoint]
    [Api("The certificate authority of this server", Media = "application/x-pem-file")]
    public IActionResult GetCertificateAuthority([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/ca.pem")] HttpRequest request) => authority.Pem is { } pem
        ? new ContentResult { Content = pem, ContentType = "application/x-pem-file", StatusCode = 200 }
        : Answers.Problem(404, "certificate-authority-unset", "This control plane has no certificate authority of its own.");

    /// <summary>The binary of one .NET runtime id, see <see cref="AgentPackages"/>.</summary>
    [Function(nameof(GetAgentBinary))]
    [OpenEndpoint]
    [Api("The binary of the agent for a .NET runtime id", Media = "application/octet-stream")]
    public async Task<IActionResult> GetAgentBinary([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/agent/binary/{rid}")] HttpRequest request, string rid, CancellationToken ct)
    {
        if (packages.Folder is null)
        {
            return Unset();
        }

        if (packages.Find(rid) is not { } file)
        {
            return Answers.Problem(404, "agent-binary-not-found", $"There is no agent binary for '{rid}'.");
        }

        return await FileAsync(request, file, "application/octet-stream", ct);
    }

    private static async Task<IActionResult> FileAsync(HttpRequest request, string file, string contentType, CancellationToken ct)
    {
        request.HttpContext.Response.Headers["X-Checksum-Sha256"] = await AgentPackages.HashAsync(file, ct);
        return new FileAnswer(file, contentType);
    }

    private static IActionResult Unset() =>
        Answers.Problem(404, "agent-packages-unset", "This control plane serves no agent packages.", "Set AgentPackages:Directory to the folder that has them.");
}
