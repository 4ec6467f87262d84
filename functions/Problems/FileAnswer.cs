using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Problems;

/// <summary>The bytes of a file.</summary>
internal sealed class FileAnswer(string file, string contentType) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = contentType;
        response.ContentLength = new FileInfo(file).Length;
        await response.SendFileAsync(file, context.HttpContext.RequestAborted);
    }
}
