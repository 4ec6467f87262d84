namespace VpsPilot.Functions.Migration;

/// <summary>The last import, so that one that was interrupted can be made again.</summary>
/// <param name="Archive">Id of the archive.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it had ended; null when it was interrupted, or still goes on.</param>
internal sealed record ImportMark(string Archive, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    public const string Partition = "import";
    public const string Key = "last";
}
