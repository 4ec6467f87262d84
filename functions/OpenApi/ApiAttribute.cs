namespace VpsPilot.Functions.OpenApi;

/// <summary>What the OpenAPI document says of an HTTP function, beyond its route and role.</summary>
/// <param name="summary">What it does, in one short line.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ApiAttribute(string summary) : Attribute
{
    public string Summary => summary;

    /// <summary>Type of the JSON body; null for none.</summary>
    public Type? Body { get; init; }

    /// <summary>Type of the JSON answer; null for none.</summary>
    public Type? Answer { get; init; }

    /// <summary>Media type of an answer that is not JSON; null for JSON or none.</summary>
    public string? Media { get; init; }

    /// <summary>Status of the good answer; 200, or 204 where there is no answer.</summary>
    public int Status { get; init; }

    /// <summary>Names of query parameters; those of paging come by themselves.</summary>
    public string[] Query { get; init; } = [];

    /// <summary>The document has versions: <c>ETag</c> and <c>If-Match</c>.</summary>
    public bool HasVersions { get; init; }
}
