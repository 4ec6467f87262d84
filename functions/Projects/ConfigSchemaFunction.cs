using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Projects;

/// <summary>The JSON Schema of <c>config.vpspilot.json</c>, for the <c>$schema</c> of a config: an editor gets the one that this control plane goes by.</summary>
internal sealed class ConfigSchemaFunction
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "config.schema.json");

    [Function(nameof(GetConfigSchema))]
    [OpenEndpoint]
    [Api("The JSON Schema of config.vpspilot.json, for editors", Media = "application/schema+json")]
    public IActionResult GetConfigSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/config.schema.json")] HttpRequest request) => new FileAnswer(File, "application/schema+json");
}
