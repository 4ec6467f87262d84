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
public abstract record Command;

/// <summary>Build a commit into a release. Nothing that runs is touched.</summary>
public sealed record BuildCommand : Command
{
    /// <summary>Clone URL: https, ssh, or a path or file URL on the node.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch the commit must be on.</summary>
    public required string Branch { get; init; }

    /// <summary>Full commit id (40 hex digits); null builds the branch's head.</summary>
    public string? Commit { get; init; }

    /// <summary>Values for <c>{{NAME}}</c> placeholders, sealed to the node; null when the project has none.</summary>
    public SealedBox? Environment { get; init; }
}

/// <summary>Make a built release the one that serves, watch it, and put the earlier one back when it is bad.</summary>
public sealed record ActivateCommand : Command
{
    /// <summary>The release to serve: the id of the deployment that built it on this node.</summary>
    public required string ReleaseId { get; init; }

    /// <summary>Values for <c>{{NAME}}</c> placeholders, sealed to the node; null when the project has none.</summary>
    public SealedBox? Environment { get; init; }
}

/// <summary>Go back to an earlier release. Does nothing, successfully, when that release serves already.</summary>
public sealed record RollBackCommand : Command
{
    /// <summary>Go back only if this release serves now; null goes back whatever serves.</summary>
    public string? IfServing { get; init; }

    /// <summary>Generation to go back to; null (with no <see cref="ReleaseId"/>) means the one before the serving one.</summary>
    public int? Generation { get; init; }

    /// <summary>Release to go back to; null means by <see cref="Generation"/>.</summary>
    public string? ReleaseId { get; init; }

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

/// <summary>Restart the project's unit with its present release.</summary>
public sealed record RestartCommand : Command;

/// <summary>Stop and remove the project from the node; persistent data is archived first.</summary>
public sealed record RemoveCommand : Command;
