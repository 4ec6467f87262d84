using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Problems;

/// <summary>The <c>?limit=&amp;cursor=</c> of a list request. A cursor is opaque to the caller.</summary>
/// <param name="Limit">Items on a page, 1 to 200; default 50.</param>
/// <param name="Continuation">Where the page starts; null for the first.</param>
internal sealed record Paging(int Limit, string? Continuation)
{
    /// <summary>The paging of a request, or what is wrong with it.</summary>
    public static (Paging? Value, IReadOnlyList<Problem> Errors) Of(HttpRequest request)
    {
        var errors = new List<Problem>();
        var limit = 50;
        if (request.Query["limit"] is [{ Length: > 0 } text] && (!int.TryParse(text, out limit) || limit is < 1 or > 200))
        {
            errors.Add(new("limit", "must be a number from 1 to 200."));
        }

        string? continuation = null;
        if (request.Query["cursor"] is [{ Length: > 0 } cursor] && (continuation = Decode(cursor)) is null)
        {
            errors.Add(new("cursor", "is not a cursor that this API gave."));
        }

        return errors.Count == 0 ? (new(limit, continuation), errors) : (null, errors);
    }

    /// <summary>The cursor of the next page; null when there is none.</summary>
    public static string? Cursor(string? continuation) =>
        continuation is null ? null : System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuation));

    /// <summary>The answer with a list that is short by its nature: whole, unless the caller asks for a page of it.</summary>
    public static IActionResult Answer<T>(HttpRequest request, IReadOnlyList<T> items, JsonTypeInfo<Page<T>> type)
    {
        if (request.Query["limit"].Count == 0 && request.Query["cursor"].Count == 0)
        {
            return Answers.Ok(new Page<T>(items, null), type);
        }

        var (paging, errors) = Of(request);
        var start = 0;
        if (paging is null || (paging.Continuation is { } continuation && !int.TryParse(continuation, NumberStyles.None, CultureInfo.InvariantCulture, out start)))
        {
            return Answers.Invalid(errors.Count > 0 ? errors : [new("cursor", "is not a cursor that this API gave.")]);
        }

        var end = Math.Min((long)start + paging.Limit, items.Count);
        return Answers.Ok(new Page<T>([.. items.Skip(start).Take(paging.Limit)], Cursor(end < items.Count ? end.ToString(CultureInfo.InvariantCulture) : null)), type);
    }

    private static string? Decode(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>A page as the API answers it.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">Cursor of the next page; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
