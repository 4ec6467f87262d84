namespace VpsPilot.Functions.Projects;

/// <summary>Ids of projects and nodes: 1 to 40 lower-case letters, digits and dashes, with a letter or digit at both ends.</summary>
internal static class Identifier
{
    public const string Rule = "must be 1 to 40 lower-case letters, digits and dashes, starting and ending with a letter or digit.";

    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= 40 } && id[0] != '-' && id[^1] != '-' && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
