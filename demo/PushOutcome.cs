using System.Text.Json.Nodes;

namespace VpsPilot.Demo;

/// <summary>What one push came to, and what it should have come to.</summary>
internal sealed record PushOutcome(string Id, string Commit, string Status, string? Summary, string Version, int Pid, TimeSpan Took)
{
    public required string ExpectedStatus { get; init; }

    public required string ExpectedVersion { get; init; }

    public bool AsExpected => Status == ExpectedStatus && Version == ExpectedVersion && !string.IsNullOrWhiteSpace(Summary) && !Summary.Contains('\n');

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["status"] = Status,
        ["version"] = Version,
        ["why"] = Summary,
        ["seconds"] = Math.Round(Took.TotalSeconds, 1),
        ["asExpected"] = AsExpected,
    };
}
