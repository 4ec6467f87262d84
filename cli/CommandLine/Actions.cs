using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Projects;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.CommandLine;

/// <summary>Gives commands their work, and what it needs: a server, a project.</summary>
internal static class Actions
{
    /// <summary>A command with its arguments and options.</summary>
    public static Command Command(string name, string description, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
                case System.CommandLine.Command subcommand:
                    command.Subcommands.Add(subcommand);
                    break;
            }
        }

        return command;
    }

    /// <summary>Work on this machine alone.</summary>
    public static Command Does(this Command command, Func<Session, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (ParseResult arguments, CancellationToken ct) =>
        {
            var session = new Session(arguments);
            try
            {
                return await work(session, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                session.Output.Remark("Interrupted.");
                return ExitCode.Interrupted;
            }
        });
        return command;
    }

    /// <summary>Work that speaks to a server.</summary>
    public static Command Calls(this Command command, Func<Session, ApiClient, CancellationToken, Task<int>> work) => command.Does(async (session, ct) =>
    {
        var server = ServerChoice.Choose(session.ServerOption);
        if (server.Value is null)
        {
            return session.Output.Fail(server.Complaint!);
        }

        using var api = new ApiClient(server.Value);
        return await work(session, api, ct);
    });

    /// <summary>Work on a project: the one that <c>--project</c> names, or else the one whose repository this is.</summary>
    public static Command CallsProject(this Command command, Func<Session, ApiClient, string, CancellationToken, Task<int>> work)
    {
        var option = ProjectChoice.Option();
        command.Options.Add(option);
        return command.Calls(async (session, api, ct) =>
        {
            var project = await ProjectChoice.ChooseAsync(session.Get(option), api, new GitRepository(Directory.GetCurrentDirectory()), ct);
            return project.Value is { } id ? await work(session, api, id, ct) : session.Output.Fail(project.Complaint!);
        });
    }
}
