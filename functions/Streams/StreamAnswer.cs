using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace VpsPilot.Functions.Streams;

/// <summary>A response that goes on until it is done, the caller goes away, or this process stops.</summary>
internal sealed class StreamAnswer(IHostApplicationLifetime lifetime, Func<HttpResponse, CancellationToken, Task> write) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.HttpContext.RequestAborted, lifetime.ApplicationStopping);
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
