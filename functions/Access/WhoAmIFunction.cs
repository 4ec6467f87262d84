using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Access;

/// <summary>Whom a token speaks for.</summary>
/// <param name="Name">Name of the token.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Projects">Projects it is limited to; null for all.</param>
internal sealed record WhoAmI(string Name, Role Role, IReadOnlyList<string>? Projects);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WhoAmI))]
internal sealed partial class WhoAmIJson : JsonSerializerContext;

/// <summary>Tells a caller who they are.</summary>
internal sealed class WhoAmIFunction
{
    [Function(nameof(GetWhoAmI))]
    [RequireRole(Role.Viewer)]
    [Api("Whom the token speaks for: its name, role and projects", Answer = typeof(WhoAmI))]
    public IActionResult GetWhoAmI([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/whoami")] HttpRequest request)
    {
        var caller = Caller.Of(request.HttpContext);
        return Answers.Ok(new WhoAmI(caller.Name, caller.Role, caller.Projects), WhoAmIJson.Default.WhoAmI);
    }
}
