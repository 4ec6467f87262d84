using System.Text.Json;

namespace VpsPilot.Contracts.Config;

/// <summary>What a JSON reader says of a text that is none, for a person.</summary>
public static class NotJson
{
    /// <summary>What is wrong, as one sentence.</summary>
    public static string Message(Exception e) => $"Not valid JSON: {e.Message.Split(" LineNumber:")[0]}";

    /// <summary>One-based line; null when it is not known.</summary>
    public static int? Line(Exception e) => (int?)(e as JsonException)?.LineNumber + 1;
}
