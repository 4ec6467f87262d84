using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace VpsPilot.Functions.Dashboard;

/// <summary>A file of the dashboard: in the smallest form that the browser takes, with what it may keep and what a page may do.</summary>
internal sealed class DashboardAnswer(DashboardFile file) : IStatusCodeActionResult
{
    /// <summary>Scripts, styles and requests of this origin only, nothing inline, in no frame.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public int? StatusCode => 200;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        var form = FormFor(request);
        var headers = response.Headers;
        headers.ETag = file.ETag;
        headers.Vary = "Accept-Encoding";
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (request.Headers.IfNoneMatch.Contains(file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (form is not null)
        {
            headers.ContentEncoding = form.Encoding;
        }

        var path = form?.Path ?? file.Path;
        response.ContentType = file.ContentType;
        response.ContentLength = new FileInfo(path).Length;
        await response.SendFileAsync(path, context.HttpContext.RequestAborted);
    }

    private CompressedForm? FormFor(HttpRequest request) => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var taken)
        ? file.Compressed.FirstOrDefault(f => taken.Any(t => t.Quality is not 0 && t.Value.Equals(f.Encoding, StringComparison.OrdinalIgnoreCase)))
        : null;
}
