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

    /// <summary>Answer to a Doctor: what was checked.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>Answer to a Status: the project's units, one for each process and slot.</summary>
    public IReadOnlyList<ProjectUnit>? Units { get; init; }

    /// <summary>The project's archives on the node, newest first: answer to a Status, and to an Activate or a RollBack; null where it was not looked.</summary>
    public IReadOnlyList<BackupArchive>? Backups { get; init; }

    /// <summary>Answer to a Run: the exit code; null when the command could not be started or was stopped.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>One thing a doctor checked.</summary>
/// <param name="Check">What: <c>disk</c>, <c>nix</c>, <c>edge</c>, <c>clock</c>, <c>ports</c>, <c>systemd</c>…</param>
/// <param name="State">How it is.</param>
/// <param name="Message">One line.</param>
/// <param name="Remedy">The next thing to do; null when all is well.</param>
public sealed record Finding(string Check, FindingState State, string Message, string? Remedy);

/// <summary>How a checked thing is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
public enum FindingState
{
    /// <summary>All is well.</summary>
    [JsonStringEnumMemberName("ok")] Ok,

    /// <summary>It works, not for long or not well.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>It does not work.</summary>
    [JsonStringEnumMemberName("error")] Error,
}

/// <summary>One unit of a project.</summary>
/// <param name="Unit">Name of the unit.</param>
/// <param name="Process"><c>web</c>, or the process's name.</param>
/// <param name="Slot"><c>blue</c> or <c>green</c>; null in place.</param>
/// <param name="State">State as systemd names it.</param>
public sealed record ProjectUnit(string Unit, string Process, string? Slot, string State)
{
    /// <summary>The release that it runs; null when none.</summary>
    public string? ReleaseId { get; init; }

    /// <summary>Main process id.</summary>
    public int? Pid { get; init; }

    /// <summary>Restarts by systemd since its last start.</summary>
    public int Restarts { get; init; }

    /// <summary>Resident memory in bytes, where it can be told.</summary>
    public long? MemoryBytes { get; init; }
}

/// <summary>An archive of a project's persistent paths and <c>.env</c> on a node.</summary>
/// <param name="Id">Its name on the node.</param>
/// <param name="ReleaseId">The release that served when it was made.</param>
/// <param name="Commit">Full commit id of that release.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="Bytes">Size of the archive.</param>
/// <param name="Sha256">SHA-256 of the archive, hex.</param>
public sealed record BackupArchive(string Id, string ReleaseId, string Commit, DateTimeOffset CreatedAt, long Bytes, string Sha256);

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

    /// <summary>Answer to a Build that was to share its tree: the tree; null otherwise.</summary>
    public Commands.SharedTree? Tree { get; init; }
}

/// <summary>Answers of a release through the edge since it was switched to.</summary>
/// <param name="Answers">All of them.</param>
/// <param name="Errors">Those with a status of 500 or more.</param>
public sealed record TrafficCount(long Answers, long Errors);

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

    /// <summary>True: it does not run and is not to start with the machine, since a <see cref="Commands.StopCommand"/> stopped it; null otherwise. A unit that is down without it was stopped, or ended, some other way.</summary>
    public bool? IsStopped { get; init; }

    /// <summary><c>blue</c> or <c>green</c>; null in place.</summary>
    public string? Slot { get; init; }

    /// <summary>The release that answered when asked through the edge; null where there is no edge or no answer.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Percent of the traffic that it gets while another release gets the rest; null: all.</summary>
    public int? TrafficPercent { get; init; }

    /// <summary>Answers through the edge since the switch; null where there is no edge.</summary>
    public TrafficCount? Traffic { get; init; }
}
