using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Hosting;

/// <summary>Answer to <c>GET /api/health</c>.</summary>
internal sealed record Health(string Status, string Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Health))]
internal sealed partial class HostingJson : JsonSerializerContext;

/// <summary>Says that the API answers, and which version it is.</summary>
internal sealed class HealthFunction
{
    private static readonly Health Answer = new("ok", ControlPlaneVersion.Current);

    [Function(nameof(GetHealth))]
    [OpenEndpoint]
    [Api("Says that the API answers, and its version", Answer = typeof(Health))]
    public IActionResult GetHealth([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request) => Answers.Ok(Answer, HostingJson.Default.Health);
}
