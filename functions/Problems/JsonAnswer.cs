using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace VpsPilot.Functions.Problems;

/// <summary>A JSON response written by source-generated code; it needs none of MVC's formatters.</summary>
internal sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status, string contentType = "application/json; charset=utf-8") : IActionResult, IStatusCodeActionResult
{
    public int? StatusCode => status;

    /// <summary>What is answered.</summary>
    public T Value => value;

    /// <summary>The <c>Location</c> header; null for none.</summary>
    public string? Location { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
