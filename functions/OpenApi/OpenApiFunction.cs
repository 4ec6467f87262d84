using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.OpenApi;

/// <summary>Serves the OpenAPI document.</summary>
internal sealed class OpenApiFunction
{
    private static readonly Lazy<byte[]> Document = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Write()));

    [Function(nameof(GetOpenApi))]
    [OpenEndpoint]
    [Api("This document", Media = "application/json")]
    public IActionResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) => new BytesAnswer(Document.Value, "application/json");
}
