using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Streams;

/// <summary>A response that goes on until it is done, or has to end.</summary>
internal sealed class StreamAnswer(StreamLife life, Func<HttpResponse, CancellationToken, Task> write) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        using var end = life.Begin(context.HttpContext);
        try
        {
            await write(context.HttpContext.Response, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Whoever listens connects again, and goes on where it was.
        }
    }
}
