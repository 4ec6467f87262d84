namespace VpsPilot.Functions.Secrets;

/// <summary>The secret values of projects. Values come out only to be sealed to a node.</summary>
internal interface ISecretStore
{
    /// <summary>Stores a value; the next version of it.</summary>
    Task<SecretInfo> SetAsync(string project, string name, string value, string by, CancellationToken ct);

    /// <summary>What there is, by name, without the values.</summary>
    Task<IReadOnlyList<SecretInfo>> ListAsync(string project, CancellationToken ct);

    /// <summary>Every value of a project.</summary>
    Task<Dictionary<string, string>> ReadAllAsync(string project, CancellationToken ct);

    /// <summary>False when there was none of that name.</summary>
    Task<bool> DeleteAsync(string project, string name, CancellationToken ct);
}

/// <summary>A secret without its value.</summary>
internal sealed record SecretInfo
{
    public required string Name { get; init; }

    /// <summary>Counts up with every change, from 1.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    /// <summary>Size of the value in UTF-8 bytes.</summary>
    public required int Bytes { get; init; }
}
