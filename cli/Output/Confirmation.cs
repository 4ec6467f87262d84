using System.CommandLine;
using VpsPilot.Cli.CommandLine;

namespace VpsPilot.Cli.Output;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    public static Option<bool> Option() => new("--yes", "-y") { Description = "Do not ask" };

    /// <summary>Null when it may go on; else why not. Where nobody can be asked, <c>--yes</c> is needed.</summary>
    /// <param name="session">The run.</param>
    /// <param name="yes">The option that says yes.</param>
    /// <param name="question">What is about to happen, with a question mark.</param>
    public static async Task<Complaint?> AskAsync(Session session, Option<bool> yes, string question)
    {
        if (session.Get(yes))
        {
            return null;
        }

        if (!Writer.CanAsk || session.Output.IsJson)
        {
            return Complaint.Usage($"{question} Nobody can be asked here.", "Say so with --yes");
        }

        await Console.Error.WriteAsync($"{question} [y/N] ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes" ? null : Complaint.Usage("Nothing was done.");
    }
}
