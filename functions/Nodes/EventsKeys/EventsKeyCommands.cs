using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Functions.Commands;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>Brings nodes the key by which they send events, sealed to each. The command's id names the key, so that the answer tells which one the node has.</summary>
internal sealed class EventsKeyCommands(CommandSender sender)
{
    private const string Prefix = "events-key.";

    /// <summary>A node that was off for that long still finds the command in its queue.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromDays(90);

    /// <summary>Fingerprint of the key that a command brought; null for any other command.</summary>
    public static string? KeyOf(string? commandId) => commandId?.StartsWith(Prefix, StringComparison.Ordinal) == true ? commandId.Split('.')[1] : null;

    /// <summary>False when the node's queue cannot be reached, or the node was shut out meanwhile.</summary>
    public async Task<bool> SendAsync(Node node, SendKeys keys, CancellationToken ct)
    {
        if (node.SealingKey is not { } to)
        {
            return false;
        }

        var id = $"{Prefix}{keys.Fingerprint}.{node.Id}";
        var credential = JsonSerializer.SerializeToUtf8Bytes(new QueueCredential(QueueNames.Events, NodeQueues.SendRule, keys.Primary), ContractsJson.Default.QueueCredential);
        try
        {
            await sender.SendAsync(new CommandAddress(id, node.Id, null, null), new UseEventsKeyCommand { Credential = SealedBox.Seal(to, credential, id) }, Leave, ct);
            return true;
        }
        catch (QueueException)
        {
            return false;
        }
    }
}
