using System.Text.Json.Serialization;

namespace VpsPilot.Contracts.Events;

/// <summary>The one answer to a command. Repeated unchanged when the command is delivered again.</summary>
public sealed record CommandResult : AgentEvent
{
    /// <summary>How it ended.</summary>
    public required CommandOutcome Outcome { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Answer to a Build that succeeded.</summary>
    public BuiltRelease? Built { get; init; }

    /// <summary>
    /// What serves on the node after the command, asked of the app itself, whatever the outcome; null when nothing serves
    /// or the command does not concern a release.
    /// </summary>
    public ServingRelease? Serving { get; init; }
}

/// <summary>How a command ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommandOutcome>))]
public enum CommandOutcome
{
    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>Failed; nothing that serves was changed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Failed after the switch or the restart; the earlier release was put back and serves.</summary>
    [JsonStringEnumMemberName("rolled-back")] RolledBack,

    /// <summary>Stopped by a <see cref="Commands.CancelCommand"/>.</summary>
    [JsonStringEnumMemberName("canceled")] Canceled,

    /// <summary>Refused before anything was done.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected,
}

/// <summary>A release that a Build made.</summary>
/// <param name="Commit">Full commit id that was built.</param>
/// <param name="StorePath">The sealed store path.</param>
/// <param name="ClosureBytes">Size of its closure in bytes.</param>
/// <param name="Deployment">The commit's <c>deployment</c> block, which the orchestrator acts on.</param>
public sealed record BuiltRelease(string Commit, string StorePath, long ClosureBytes, Config.DeploymentConfig Deployment)
{
    /// <summary>First line of the commit's message; null when it could not be read.</summary>
    public string? Subject { get; init; }
}

/// <summary>The release that answers on a node.</summary>
/// <param name="ReleaseId">The deployment that built it.</param>
/// <param name="Generation">Generation of the project's profile.</param>
/// <param name="Commit">Full commit id.</param>
/// <param name="StorePath">Its store path.</param>
/// <param name="Port">The loopback port it listens on.</param>
public sealed record ServingRelease(string ReleaseId, int Generation, string Commit, string StorePath, int Port)
{
    /// <summary>Main process id; null when the unit is not running.</summary>
    public int? Pid { get; init; }

    /// <summary>State of the unit as systemd names it: <c>active</c>, <c>failed</c>, <c>inactive</c>…</summary>
    public string? UnitState { get; init; }
}
