using System.Text.Json.Serialization;

namespace VpsPilot.Contracts.Commands;

/// <summary>A typed intent for an agent; never shell text.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BuildCommand), "build")]
[JsonDerivedType(typeof(ActivateCommand), "activate")]
[JsonDerivedType(typeof(RollBackCommand), "roll-back")]
[JsonDerivedType(typeof(CancelCommand), "cancel")]
[JsonDerivedType(typeof(CollectCommand), "collect")]
[JsonDerivedType(typeof(InspectCommand), "inspect")]
[JsonDerivedType(typeof(RestartCommand), "restart")]
[JsonDerivedType(typeof(RemoveCommand), "remove")]
[JsonDerivedType(typeof(StopCommand), "stop")]
[JsonDerivedType(typeof(RunCommand), "run")]
[JsonDerivedType(typeof(LogsCommand), "logs")]
[JsonDerivedType(typeof(StatusCommand), "status")]
[JsonDerivedType(typeof(DoctorCommand), "doctor")]
[JsonDerivedType(typeof(UpdateAgentCommand), "update-agent")]
[JsonDerivedType(typeof(ConfirmCanaryCommand), "confirm-canary")]
[JsonDerivedType(typeof(RotateKeysCommand), "rotate-keys")]
[JsonDerivedType(typeof(UseEventsKeyCommand), "use-events-key")]
[JsonDerivedType(typeof(MoveCommand), "move")]
public abstract record Command;

/// <summary>Build a commit into a release. Nothing that runs is touched.</summary>
public sealed record BuildCommand : Command
{
    /// <summary>Clone URL: https, ssh, or a path or file URL on the node.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch the commit must be on; a tag is given by its full name, <c>refs/tags/…</c>.</summary>
    public required string Branch { get; init; }

    /// <summary>Full commit id (40 hex digits, or 64 in a SHA-256 repository); null builds the branch's head.</summary>
    public string? Commit { get; init; }

    /// <summary>Path of the config in the repository, see <see cref="Config.ConfigFile"/>; null is <c>config.vpspilot.json</c> at its top.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Values for <c>{{NAME}}</c> placeholders, sealed to the node; null when the project has none.</summary>
    public SealedBox? Environment { get; init; }

    /// <summary>Hand the compiled tree to the control plane, for other nodes of this deployment; the answer says which it is. Default false.</summary>
    public bool ShareTree { get; init; }

    /// <summary>Seal this tree, which another node compiled from the same commit, instead of compiling; null compiles.</summary>
    public SharedTree? Tree { get; init; }
}

/// <summary>Make a built release the one that serves, watch it, and put the earlier one back when it is bad.</summary>
public sealed record ActivateCommand : Command
{
    /// <summary>The release to serve: the id of the deployment that built it on this node.</summary>
    public required string ReleaseId { get; init; }

    /// <summary>Values for <c>{{NAME}}</c> placeholders, sealed to the node; null when the project has none.</summary>
    public SealedBox? Environment { get; init; }

    /// <summary>
    /// Give the release only this percent of the traffic, with the old one beside it, until a <see cref="ConfirmCanaryCommand"/> or a
    /// <see cref="RollBackCommand"/> comes; null: all of it at once. Needs an edge.
    /// </summary>
    public int? TrafficPercent { get; init; }
}

/// <summary>Give a release that was activated with a part of the traffic all of it.</summary>
public sealed record ConfirmCanaryCommand : Command
{
    /// <summary>The release.</summary>
    public required string ReleaseId { get; init; }
}

/// <summary>Go back to an earlier release. Does nothing, successfully, when that release serves already.</summary>
public sealed record RollBackCommand : Command
{
    /// <summary>Go back only if this release serves now; null goes back whatever serves.</summary>
    public string? IfServing { get; init; }

    /// <summary>Generation to go back to; null (with nothing else that says where to) means the release before the serving one.</summary>
    public int? Generation { get; init; }

    /// <summary>Release to go back to; null means by <see cref="Generation"/>.</summary>
    public string? ReleaseId { get; init; }

    /// <summary>The other way to say where to: the newest kept release of this full commit id; null means by the others.</summary>
    public string? Commit { get; init; }

    /// <summary>
    /// Go back to the release in the slot of a blue-green switch that has no traffic, if it went through its watch window: it runs there still, or is
    /// started again. Asked for again, it goes forth again.
    /// </summary>
    public bool OtherSlot { get; init; }

    /// <summary>Go back to the last backup archive: its release, its <c>.env</c> and its persistent paths. An emergency; raises an alert.</summary>
    public bool FromBackup { get; init; }

    /// <summary>New values for <c>{{NAME}}</c> placeholders, sealed to the node; null keeps the target release's own <c>.env</c>.</summary>
    public SealedBox? Environment { get; init; }

    /// <summary>Why, in one line, for the log.</summary>
    public required string Reason { get; init; }
}

/// <summary>Stop the work of an earlier command: the whole process group of it, leaving no half state.</summary>
public sealed record CancelCommand : Command
{
    /// <summary>The deployment whose commands are to stop.</summary>
    public required string TargetDeploymentId { get; init; }
}

/// <summary>Delete releases beyond those to keep and run the Nix collector. Never touches what serves or can be gone back to.</summary>
public sealed record CollectCommand : Command;

/// <summary>Answer with a <see cref="Events.Heartbeat"/> now.</summary>
public sealed record InspectCommand : Command;

/// <summary>Restart the project's units with its present release.</summary>
public sealed record RestartCommand : Command
{
    /// <summary>New values for <c>{{NAME}}</c> placeholders, sealed to the node; null keeps the release's <c>.env</c>.</summary>
    public SealedBox? Environment { get; init; }
}

/// <summary>Stop the project's units until a person starts them again (a restart, a deployment or a rollback).</summary>
public sealed record StopCommand : Command;

/// <summary>Run one command in the serving release's environment, as the app's user. Its output goes to the command's log.</summary>
public sealed record RunCommand : Command
{
    /// <summary>Shell command line, or the name of one of the config's <c>commands</c> (where <see cref="IsNamed"/>).</summary>
    public required string CommandLine { get; init; }

    /// <summary><see cref="CommandLine"/> is a name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Limit; default 15 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>Send the last lines the app wrote to the command's log, and go on with what it writes while it is followed.</summary>
public sealed record LogsCommand : Command
{
    /// <summary>Lines from the end; default 100.</summary>
    public int Lines { get; init; } = 100;

    /// <summary>How long to go on; zero, the default, does not.</summary>
    public TimeSpan Follow { get; init; }

    /// <summary>One process only; null: all.</summary>
    public string? Process { get; init; }
}

/// <summary>Answer with the state of the project's units, slots and releases.</summary>
public sealed record StatusCommand : Command;

/// <summary>Check the node: disk, ports, Nix, edge, clock, systemd. Answers with findings, each with a remedy.</summary>
public sealed record DoctorCommand : Command;

/// <summary>Replace the agent by another version of itself, and put the old one back when the new one does not report.</summary>
public sealed record UpdateAgentCommand : Command
{
    /// <summary>Where the binary is: a path of the control plane's HTTP API.</summary>
    public required string Path { get; init; }

    /// <summary>Its SHA-256, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The version that it is.</summary>
    public required string Version { get; init; }
}

/// <summary>Stop and remove the project from the node; persistent data is archived first.</summary>
public sealed record RemoveCommand : Command;

/// <summary>
/// Make new key pairs and trade them for new credentials (<see cref="Enrollment.RenewRequest"/>): queue keys, agent token and the key that commands
/// are signed with are new afterwards, and the earlier ones are worth nothing. The agent restarts itself.
/// </summary>
public sealed record RotateKeysCommand : Command;

/// <summary>
/// Send events by another key of the queue's rule from now on. The answer comes by the new one. Nothing that runs is interrupted. A node that has a
/// credential of a later command keeps that, and succeeds.
/// </summary>
public sealed record UseEventsKeyCommand : Command
{
    /// <summary>An <see cref="Enrollment.QueueCredential"/> for the events queue, sealed to the node and bound to the command's id.</summary>
    public required SealedBox Credential { get; init; }
}

/// <summary>
/// Go to another control plane. It knows this node's keys already: the agent trades them there for credentials
/// (<see cref="Enrollment.RenewRequest"/>, with this command's id), reports with these, and only then takes leave of the present one. What fails
/// before changes nothing.
/// </summary>
public sealed record MoveCommand : Command
{
    /// <summary>Base URL of the other control plane's HTTP API.</summary>
    public required string Url { get; init; }

    /// <summary>ECDSA P-256 public key that it signs commands with: SubjectPublicKeyInfo, base64. Pinned.</summary>
    public required string CommandKey { get; init; }

    /// <summary>The only certificate authority that it is trusted by (PEM); null for the system's trust.</summary>
    public string? CertificateAuthority { get; init; }
}
