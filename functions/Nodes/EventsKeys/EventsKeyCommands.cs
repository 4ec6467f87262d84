using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Commands;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>Brings nodes the key by which they send events, sealed to each. The command's id names the key, so that the answer tells which one the node has.</summary>
internal sealed partial class EventsKeyCommands(CommandSender sender, ILogger<EventsKeyCommands> logger)
{
    /// <summary>A node that was off for that long still finds the command in its queue.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromDays(90);

    /// <summary>Fingerprint of the key that a command brought; null for any other id. The id comes from the node, and what is read of it is kept.</summary>
    public static string? KeyOf(string? commandId) => Id().Match(commandId ?? "") is { Success: true } match ? match.Groups["key"].Value : null;

    /// <summary>A node whose queue cannot be reached goes on waiting: it is asked again with the next call, and before its key is refused.</summary>
    public async Task SendAsync(Node node, SendKeys keys, CancellationToken ct)
    {
        if (node.SealingKey is not { } to)
        {
            return; // It was shut out meanwhile.
        }

        var id = $"events-key.{keys.Fingerprint}.{node.Id}";
        var credential = JsonSerializer.SerializeToUtf8Bytes(new QueueCredential(QueueNames.Events, NodeQueues.SendRule, keys.Primary), ContractsJson.Default.QueueCredential);
        try
        {
            await sender.SendAsync(new CommandAddress(id, node.Id, null, null), new UseEventsKeyCommand { Credential = SealedBox.Seal(to, credential, id) }, Leave, ct);
        }
        catch (QueueException e)
        {
            LogNotSent(logger, node.Id, e.Message);
        }
    }

    [GeneratedRegex(@"^events-key\.(?<key>[0-9a-f]{16})\.", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [LoggerMessage(EventId = 3610, Level = LogLevel.Warning, Message = "The node {NodeId} was not sent the new key for events: {Reason}")]
    private static partial void LogNotSent(ILogger logger, string nodeId, string reason);
}
