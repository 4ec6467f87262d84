using VpsPilot.Contracts;

namespace VpsPilot.Functions.Problems;

/// <summary>An RFC 9457 problem. <see cref="Code"/> is stable; <see cref="Title"/> and <see cref="Detail"/> are for people and may change.</summary>
internal sealed record ProblemDocument
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public string? Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>Every single mistake of the request; null when there is only one.</summary>
    public IReadOnlyList<Problem>? Errors { get; init; }

    /// <summary>For a log append at the wrong place: the length that the server has.</summary>
    public long? Offset { get; init; }
}
