using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VpsPilot.Functions.Problems;

/// <summary>Versions of documents over HTTP (RFC 9110, sections 8.8.3 and 13.1.1).</summary>
internal static class IfMatch
{
    /// <summary>The <c>ETag</c> header of a version in the store.</summary>
    public static string Header(string version) => $"\"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(version))}\"";

    /// <summary>True when the request changes whatever is there, or names this version.</summary>
    public static bool Allows(HttpRequest request, string version)
    {
        var given = request.Headers.IfMatch;
        return given.Count == 0 || given.SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries)).Any(v => v == "*" || v == Header(version));
    }

    public static IActionResult Failed(string version) => new JsonAnswer<ProblemDocument>(
        new ProblemDocument { Status = 412, Code = "precondition-failed", Title = "The document was changed since.", Detail = "Read it again, and send the change with the new ETag in If-Match." },
        ApiJson.Default.ProblemDocument, 412, Answers.ProblemType)
    {
        ETag = Header(version),
    };
}
