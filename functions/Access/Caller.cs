using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Access;

/// <summary>Who makes the request.</summary>
/// <param name="TokenId">Id of the token.</param>
/// <param name="Name">Name of the token, for the audit log and "requested by".</param>
/// <param name="Role">What it may do.</param>
internal sealed record Caller(string TokenId, string Name, Role Role)
{
    private static readonly object Key = new();

    /// <summary>Projects it is limited to; null for all.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>The caller, where the function is not open to everyone; else null.</summary>
    public static Caller? Find(HttpContext context) => context.Items.TryGetValue(Key, out var caller) ? (Caller)caller! : null;

    /// <summary>The caller that the access check put on the request.</summary>
    public static Caller Of(HttpContext context) => (Caller)context.Items[Key]!;

    public void Attach(HttpContext context) => context.Items[Key] = this;
}
