using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Migration;

/// <summary>An archive as it is made. One that is cut off on the way is known as such by whoever reads it.</summary>
internal sealed class ArchiveAnswer(string archive, Func<Stream, CancellationToken, Task> write) : IActionResult
{
    public const string Media = "application/octet-stream";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = Media;
        response.Headers.ContentDisposition = $"attachment; filename=\"vpspilot-{archive}.archive\"";
        response.Headers.CacheControl = "no-store";
        await write(response.Body, context.HttpContext.RequestAborted);
    }
}
