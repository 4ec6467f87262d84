using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Embedded.Functions.Tests.Sample;

/// <summary>A result whose second half is not written before somebody has read the first.</summary>
public sealed class Piecewise(Journal journal) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        await response.WriteAsync("one\n");
        await response.Body.FlushAsync();
        await journal.WaitForAsync("one was read", context.HttpContext.RequestAborted);
        await response.WriteAsync("two\n");
    }
}
