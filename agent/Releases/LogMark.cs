namespace VpsPilot.Agent.Releases;

/// <summary>A place in an app's log.</summary>
/// <param name="Offset">In the file, in bytes.</param>
/// <param name="At">When that was its end (UTC): the place in the journal.</param>
internal sealed record LogMark(long Offset, DateTimeOffset At);
