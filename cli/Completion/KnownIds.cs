using System.CommandLine;
using System.CommandLine.Completions;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.Completion;

/// <summary>Ids that the server knows. Whoever types is not held up: after a moment, or at any fault, there are none.</summary>
internal static class KnownIds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Lets the option be completed by the ids of a list of the API.</summary>
    public static Option<T> CompletedBy<T>(this Option<T> option, string list)
    {
        option.CompletionSources.Add(context => Read(context, list));
        return option;
    }

    /// <summary>Lets the argument be completed by the ids of a list of the API.</summary>
    public static Argument<T> CompletedBy<T>(this Argument<T> argument, string list)
    {
        argument.CompletionSources.Add(context => Read(context, list));
        return argument;
    }

    // The library asks for completions without a way to wait for them.
    private static IEnumerable<CompletionItem> Read(CompletionContext context, string list) => Task.Run(() => ReadAsync(context.ParseResult.GetValue(GlobalOptions.Server), list)).GetAwaiter().GetResult();

    private static async Task<IEnumerable<CompletionItem>> ReadAsync(string? name, string list)
    {
        if (ServerChoice.Choose(name).Value is not { } server)
        {
            return [];
        }

        using var limit = new CancellationTokenSource(Patience);
        using var api = new ApiClient(server);
        try
        {
            var page = await api.GetAsync(list.With(("limit", "200")), ApiJson.Default.Page, limit.Token);
            return page.Value?.Items.Select(i => new CompletionItem(i.GetProperty("id").GetString()!)) ?? [];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
