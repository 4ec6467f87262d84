using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Messaging;

namespace VpsPilot.Agent.Enrollment;

/// <summary>
/// Takes another key to send events by: to the disk first, then into the sender, so that the answer goes by it. The command comes by the node's own
/// queue, which needs no key of the events queue: a node whose key is refused already is mended the same way, and then reports what waited.
/// </summary>
internal sealed class EventsKeyTaker(AgentPaths paths, Identity identity, AgentKeys keys, QueueSender sender)
{
    private const string Step = "use-events-key";

    public async Task<CommandResult> RunAsync(CommandContext context, UseEventsKeyCommand command)
    {
        // What the process started with may be older than what an earlier command of this kind has written.
        var present = Identity.Load(paths) ?? identity;
        if (present.EventsKeyOf > context.Command.IssuedAt)
            return new() { Outcome = CommandOutcome.Succeeded };
        if (Open(command.Credential, context.Command.CommandId) is not { KeyName: not null, Key.Length: > 0 } credential || credential.Queue != present.Enrollment.Events.Queue)
            return new() { Outcome = CommandOutcome.Failed, Failure = new(Step, FailureKind.Rejected, "The key for events is not sealed to this node, or for another queue.") { Hint = "Ask the node to renew its keys, which brings this one too: POST /api/nodes/{id}/rotate." } };

        (present with { Enrollment = present.Enrollment with { Events = credential }, EventsKeyOf = context.Command.IssuedAt }).Save(paths);
        await sender.UseKeyAsync(credential.KeyName, credential.Key);
        return new() { Outcome = CommandOutcome.Succeeded };
    }

    private QueueCredential? Open(SealedBox box, string commandId)
    {
        try
        {
            return JsonSerializer.Deserialize(keys.Open(box, commandId), ContractsJson.Default.QueueCredential);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
