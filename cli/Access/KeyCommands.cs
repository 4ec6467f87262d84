using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Access;

/// <summary><c>vpspilot keys …</c></summary>
internal static class KeyCommands
{
    public static Command Create() => Actions.Command("keys", "Keys of the control plane.", Actions.Command("rotate", "Put a new key in the place of one.", Commands(), Events(), Secrets()), Status());

    private static Command Commands() => Actions.Command("commands", "The key that commands are signed with; every node renews its own keys too.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.PostAsync("api/keys/commands/rotate", ApiJson.Default.AskedNodes, ct), asked => session.Output.Line($"A new key. Nodes that were asked to renew theirs: {Names(asked.Nodes)}.")));

    private static Command Events()
    {
        var hours = new Option<int?>("--overlap-hours") { Description = "Hours that the earlier key is accepted at most, 0 to 720; default: 168. 0 refuses it at once", HelpName = "N" };
        return Actions.Command("events", "The key by which nodes send events; the earlier one is accepted until all have the new one.", hours).Calls(async (session, api, ct) =>
            session.Output.Show(await api.PostAsync("api/keys/events/rotate", new NewEventsKey(session.Get(hours)), ApiJson.Default.NewEventsKey, ApiJson.Default.EventsKeyView, ct), view => Say(session, view)));
    }

    private static Command Secrets() => Actions.Command("secrets", "The key for values at rest; all are encrypted anew.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.PostAsync("api/keys/secrets/rotate", ApiJson.Default.RotatedKey, ct), rotated => session.Output.Line($"A new key. Values that were encrypted anew: {rotated.Reencrypted}.")));

    private static Command Status() => Actions.Command("status", "How far the last change of the key for events is.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.GetAsync("api/keys/events", ApiJson.Default.EventsKeyView, ct), view => Say(session, view)));

    private static void Say(Session session, EventsKeyView view)
    {
        session.Output.Line(view.RotatedAt is null ? "The key for events was never changed." : $"New key for events: {Words.Time(view.RotatedAt)}. Nodes that have not taken it: {Names(view.Waiting)}.");
        if (view.RotatedAt is not null)
        {
            session.Output.Line(view.EarlierUntil is { } until ? $"The earlier key is accepted until no node waits, or {Words.Time(until)}." : "The earlier key is refused.");
        }
    }

    private static string Names(IReadOnlyList<string> nodes) => nodes.Count == 0 ? "none" : string.Join(", ", nodes);
}
