using System.Text;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Deployments.Api;

/// <summary>Logs as plain text, streamed; one after the other, each under a heading with its node where there are several.</summary>
internal sealed class LogAnswer(ILogStore logs, IReadOnlyList<(string Node, string Name)> parts, long offset) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var ct = context.HttpContext.RequestAborted;
        var response = context.HttpContext.Response;
        response.ContentType = "text/plain; charset=utf-8";
        foreach (var (node, name) in parts)
        {
            if (parts.Count > 1)
            {
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"==> {node} <==\n"), ct);
            }

            await using var log = await logs.OpenReadAsync(name, offset, ct);
            await log.CopyToAsync(response.Body, ct);
        }
    }
}
