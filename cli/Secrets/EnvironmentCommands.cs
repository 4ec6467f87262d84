using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Operations;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Secrets;

/// <summary><c>vpspilot env …</c></summary>
internal static class EnvironmentCommands
{
    public static Command Create() => Actions.Command("env", "Secret values of a project. They go in, and never out.", List(), Set(), Unset(), ImportCommand.Create());

    private static Command List() => Actions.Command("list", "Names, versions and scopes; never values.").CallsProject(async (session, api, project, ct) =>
        session.Output.Show(await api.ListAsync(Route.To($"api/projects/{project}/env"), ApiJson.Default.SecretView, ct), secrets =>
        {
            var table = new TextTable("NAME", "VERSION", "SCOPE", "SET", "BY");
            foreach (var secret in secrets)
            {
                table.Add(secret.Name, $"{secret.Version}", secret.Scope, Words.Time(secret.UpdatedAt), secret.UpdatedBy);
            }

            table.Write(session.Output, $"{project} has no secret values. Set one with: vpspilot env set NAME");
        }));

    private static Command Set()
    {
        var (name, scope, restart) = (NameArgument(), new SecretScopeOptions(), RestartOption());
        var file = new Option<FileInfo?>("--file") { Description = "Read the value from this file, as it is", HelpName = "FILE" };
        var value = new Option<string?>("--value") { Description = "The value itself. Others on this machine can see it, and the shell keeps it: better leave it out", HelpName = "TEXT" };
        return Actions.Command("set", "Set a value. It is asked for, or read from standard input.", name, file, value, scope.Environment, scope.Node, restart)
            .CallsProject(async (session, api, project, ct) =>
            {
                var source = session.Get(file);
                if (source is { Exists: false })
                {
                    return session.Output.Fail(Complaint.Usage($"There is no file {source}."));
                }

                var text = session.Get(value) ?? (source is null ? await SecretInput.ReadAsync($"Value of {session.Get(name)}: ", ct) : await File.ReadAllTextAsync(source.FullName, ct));
                var set = await api.PutAsync(scope.Route(session, project, session.Get(name), session.Get(restart)), new SecretValue(text), ApiJson.Default.SecretValue, ApiJson.Default.SetSecret, ct);
                return await TellAsync(session, api, set, $"Set {session.Get(name)} of {project}.", ct);
            });
    }

    private static Command Unset()
    {
        var (name, scope) = (NameArgument(), new SecretScopeOptions());
        return Actions.Command("unset", "Delete a value with its versions.", name, scope.Environment, scope.Node).CallsProject(async (session, api, project, ct) =>
            session.Output.Show(await api.DeleteAsync(scope.Route(session, project, session.Get(name)), ct), _ => session.Output.Line($"Deleted {session.Get(name)} of {project}.")));
    }

    /// <summary>Says that a value was set; where the project is restarted with it, waits for that.</summary>
    public static async Task<int> TellAsync(Session session, ApiClient api, Answer<SetSecret> set, string done, CancellationToken ct)
    {
        if (set.Value?.Restart is not { } restart)
        {
            return session.Output.Show(set, _ => session.Output.Line(done + " The next release gets it; to use it now: vpspilot restart --environment current"));
        }

        session.Output.Remark(done + " Restarting.");
        return await OperationRun.ShowAsync(session, api, await api.GetAsync(Route.To($"api/operations/{restart}"), ApiJson.Default.OperationView, ct), ct);
    }

    public static Option<bool> RestartOption() => new("--restart") { Description = "Restart the project with it" };

    private static Argument<string> NameArgument() => new("name") { Description = "Name of the value, as in {{NAME}}" };
}
