using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Access;

/// <summary>Who makes the request.</summary>
/// <param name="TokenId">Id of the token.</param>
/// <param name="Name">Name of the token, for the audit log and "requested by".</param>
/// <param name="Role">What it may do.</param>
internal sealed record Caller(string TokenId, string Name, Role Role)
{
    private static readonly object Key = new();

    /// <summary>The caller that the access check put on the request.</summary>
    public static Caller Of(HttpContext context) => (Caller)context.Items[Key]!;

    public void Attach(HttpContext context) => context.Items[Key] = this;
}
