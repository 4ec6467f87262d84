using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Problems;

/// <summary>Bytes that are the same for everyone.</summary>
internal sealed class BytesAnswer(ReadOnlyMemory<byte> bytes, string contentType) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.HttpContext.RequestAborted);
    }
}
