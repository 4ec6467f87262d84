using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace VpsPilot.Functions.Problems;

/// <summary>A JSON answer, whatever it is of.</summary>
internal interface IJsonAnswer : IStatusCodeActionResult
{
    string ContentType { get; }

    string? Location { get; }

    string? ETag { get; }

    byte[] Serialize();
}

/// <summary>A JSON response written by source-generated code; it needs none of MVC's formatters.</summary>
internal sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status, string contentType = "application/json; charset=utf-8") : IJsonAnswer
{
    public int? StatusCode => status;

    public string ContentType => contentType;

    /// <summary>What is answered.</summary>
    public T Value => value;

    /// <summary>The <c>Location</c> header; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>The version of the document, for <c>If-Match</c>; null for none.</summary>
    public string? ETag { get; init; }

    /// <summary>When to try again; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(value, type);

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
        }

        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var json = Serialize();
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
