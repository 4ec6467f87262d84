using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Commands;

/// <summary>What a message turned out to be: a command to do, or one to refuse.</summary>
/// <param name="Command">The command; null when it is refused.</param>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
internal sealed record CheckedCommand(CommandEnvelope? Command, CommandRefusal? Refusal);

/// <summary>Why a message is refused, and whom to answer.</summary>
/// <param name="Code">Stable code, for the dead-letter queue.</param>
/// <param name="Message">One line.</param>
internal sealed record CommandRefusal(string Code, string Message)
{
    /// <summary>Null when it could not be read, or is a stranger's: then there is nobody to answer.</summary>
    public string? CommandId { get; init; }

    public string? ProjectId { get; init; }

    public string? DeploymentId { get; init; }
}

/// <summary>Decides whether a message is a command that this agent has to obey.</summary>
internal sealed class CommandCheck(Identity identity, TimeProvider time)
{
    /// <summary>How far the clocks of the control plane and of a node may be apart.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How long after a renewal commands count that were signed with the key before, and before it.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    public CheckedCommand Check(ReadOnlyMemory<byte> message)
    {
        if (SignedMessage.Parse(message.Span) is not { Payload: not null, Signature: not null } signed)
            return new(null, new("malformed", "The message is not a signed command."));
        var address = AddressOf(signed.Payload);
        CheckedCommand Refuse(string code, string reason) =>
            new(null, new(code, reason) { CommandId = address.CommandId, ProjectId = address.ProjectId, DeploymentId = address.DeploymentId });

        // A stranger may name any command; an answer to it, which this node signs, could end that one's deployment.
        static CheckedCommand RefuseStranger(string reason) => new(null, new("unsigned", reason));

        var isEarlier = false;
        if (!signed.IsSignedBy(identity.Enrollment.CommandKey) && !(isEarlier = IsWithinOverlap && signed.IsSignedBy(identity.EarlierCommandKey!)))
            return RefuseStranger("The command is not signed by the control plane that this node is enrolled with.");
        if (address.SchemaVersion is not { } version)
            return Refuse("malformed", "The command is not readable.");
        if (version > CommandEnvelope.CurrentSchemaVersion)
            return Refuse("unknown-version", $"The command has schema version {version}; this agent ({Hosting.AgentVersion.Current}) knows up to {CommandEnvelope.CurrentSchemaVersion}. Update the agent.");
        CommandEnvelope? command;
        try
        {
            command = JsonSerializer.Deserialize(signed.Payload, ContractsJson.Default.CommandEnvelope);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return Refuse("unknown-command", $"This agent ({Hosting.AgentVersion.Current}) does not know the command: {e.Message}");
        }

        if (command is null)
            return Refuse("malformed", "The command is empty.");
        if (!Journal.CommandJournal.IsValidId(command.CommandId))
            return Refuse("malformed", "The command id is not usable.");
        if (isEarlier && command.IssuedAt > identity.RenewedAt)
            return RefuseStranger("The command is signed with a key that was replaced before it was made.");
        if (!string.Equals(command.NodeId, identity.NodeId, StringComparison.Ordinal))
            return Refuse("wrong-node", $"The command is for node {command.NodeId}; this is {identity.NodeId}.");
        if (command.IssuedAt > time.GetUtcNow() + ClockTolerance)
            return Refuse("future-dated", $"The command was made at {command.IssuedAt.UtcDateTime:u}, which is still to come here; is the node's clock right?");
        if (command.ExpiresAt <= time.GetUtcNow())
            return Refuse("expired", $"The command expired at {command.ExpiresAt.UtcDateTime:u}.");
        return MissingPart(command) is { } problem ? Refuse("malformed", problem) : new(command, null);
    }

    private bool IsWithinOverlap => identity is { EarlierCommandKey: not null, RenewedAt: { } at } && time.GetUtcNow() < at + Overlap;

    /// <summary>Ids become file and unit names here, so they are held to their form although they are signed.</summary>
    private string? MissingPart(CommandEnvelope command)
    {
        if (command.ProjectId is { } project && (!IsName(project, 40) || ReservedProjectIds.Contains(project)))
            return "The project id is not usable.";
        if (command.DeploymentId is { } deployment && !IsName(deployment, 64))
            return "The deployment id is not usable.";
        return command.Body switch
        {
            BuildCommand build when command.ProjectId is null || command.DeploymentId is null || build.Repository.StartsWith('-') => "The build command is incomplete.",
            BuildCommand { Commit: { } commit } when !IsCommit(commit) => "The commit is not a full commit id (40 or 64 hex digits).",
            BuildCommand { Branch: var branch } when branch.Length == 0 || branch.StartsWith('-') || branch.Any(c => c is ':' or ' ' || char.IsControl(c)) => "The branch name is not usable.",
            ActivateCommand activate when command.ProjectId is null || !IsName(activate.ReleaseId, 64) => "The activate command is incomplete.",
            ActivateCommand { TrafficPercent: < 1 or > 99 } => "The part of the traffic is not from 1 to 99 percent.",
            ConfirmCanaryCommand confirm when command.ProjectId is null || !IsName(confirm.ReleaseId, 64) => "The confirm command is incomplete.",
            RollBackCommand { ReleaseId: { } release } when !IsName(release, 64) => "The release id is not usable.",
            RollBackCommand { Commit: { } commit } when !IsCommit(commit) => "The commit is not a full commit id (40 or 64 hex digits).",
            RollBackCommand or RestartCommand or RemoveCommand or StopCommand or StatusCommand when command.ProjectId is null => "The command names no project.",
            RunCommand or LogsCommand when command.ProjectId is null || command.DeploymentId is null => "The command names no project, or no operation whose log it writes.",
            RunCommand run when run.CommandLine.Length is 0 or > 64 * 1024 || run.CommandLine.Contains('\0') || run.Timeout <= TimeSpan.Zero || run.Timeout > TimeSpan.FromDays(1) => "The command line or its limit is not usable.",
            LogsCommand logs when logs.Lines is < 0 or > 100_000 || logs.Follow < TimeSpan.Zero || logs.Follow > TimeSpan.FromDays(1) => "The number of lines or the time to follow is not usable.",
            MoveCommand move when !Uri.TryCreate(move.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || move.CommandKey.Length == 0 => "The address or the key of the other control plane is not usable.",
            MoveCommand move when PlainText.IsOpen(move.Url) && !PlainText.IsOpen(identity.ControlPlane) => "The address of the other control plane is not encrypted, and that of this one is.",
            UpdateAgentCommand update when update.Sha256.Length != 64 || !update.Sha256.All(char.IsAsciiHexDigitLower) || !update.Path.StartsWith("/api/", StringComparison.Ordinal) => "The path or the checksum of the new agent is not usable.",
            _ => null,
        };
    }

    /// <summary>SHA-1, or SHA-256 in repositories that have it.</summary>
    private static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private static bool IsName(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text[0] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static (string? CommandId, string? ProjectId, string? DeploymentId, int? SchemaVersion) AddressOf(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            var version = json.RootElement.TryGetProperty("schemaVersion", out var given) ? given.GetInt32() : 1;
            return (Text("commandId"), Text("projectId"), Text("deploymentId"), version);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }
}
