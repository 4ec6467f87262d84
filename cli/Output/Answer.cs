namespace VpsPilot.Cli.Output;

/// <summary>What came of a question: a value, or why there is none. Exactly one of the two is null.</summary>
internal sealed record Answer<T>(T? Value, Complaint? Complaint)
    where T : class
{
    /// <summary>The value as the control plane wrote it, for <c>--json</c>; null for a value that it did not write.</summary>
    public string? Json { get; init; }

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Complaint complaint) => new(null, complaint);
}
