using System.CommandLine;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Servers;

/// <summary><c>vpspilot logout</c>: forgets a server and its token.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "Name of the server; default: the current one", Arity = ArgumentArity.ZeroOrOne };
        return Actions.Command("logout", "Forget a server and its token. The token itself stays valid.", name)
            .Does((session, _) => Task.FromResult(Forget(session, session.Get(name) ?? session.ServerOption)));
    }

    private static int Forget(Session session, string? given)
    {
        var read = ServersFile.Read();
        if (read.Value is not { } file)
        {
            return session.Output.Fail(read.Complaint!);
        }

        var name = given ?? file.Current;
        if (name is null || !file.Servers.ContainsKey(name))
        {
            return session.Output.Fail(new Complaint(ExitCode.NotFound, "no-server", name is null ? "No server is known." : $"No server '{name}' is known."));
        }

        var rest = file.Servers.Where(s => s.Key != name).ToDictionary(StringComparer.Ordinal);
        var current = file.Current == name ? rest.Keys.Order(StringComparer.Ordinal).FirstOrDefault() : file.Current;
        if ((file with { Servers = rest, Current = current }).Write() is { } complaint)
        {
            return session.Output.Fail(complaint);
        }

        return session.Output.Show<Writer>(session.Output, o => o.Line($"Forgot {name}.{(current is null ? "" : $" The current server is {current}.")}"));
    }
}
