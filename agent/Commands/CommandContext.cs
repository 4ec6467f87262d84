using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Commands;

/// <summary>A command under way.</summary>
/// <param name="Command">The command.</param>
/// <param name="Stages">Runs and reports its stages.</param>
/// <param name="Output">Its log.</param>
internal sealed record CommandContext(CommandEnvelope Command, StageReporter Stages, CommandOutput Output)
{
    /// <summary>An agent that ended before has begun it already.</summary>
    public bool IsRecovered { get; init; }

    public string ProjectId => Command.ProjectId ?? throw new InvalidOperationException("The command names no project.");

    public string DeploymentId => Command.DeploymentId ?? throw new InvalidOperationException("The command names no deployment.");
}
