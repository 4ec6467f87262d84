using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Secrets;

/// <summary><c>vpspilot env import</c>: the values of a <c>.env</c> file.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A file of NAME=VALUE lines; - for standard input" };
        var (scope, restart) = (new SecretScopeOptions(), EnvironmentCommands.RestartOption());
        return Actions.Command("import", "Set all values of a .env file. With a mistake in it, none is set.", file, scope.Environment, scope.Node, restart)
            .CallsProject(async (session, api, project, ct) =>
            {
                var path = session.Get(file);
                if (path != "-" && !File.Exists(path))
                {
                    return session.Output.Fail(Complaint.Usage($"There is no file {path}."));
                }

                var text = path == "-" ? await Console.In.ReadToEndAsync(ct) : await File.ReadAllTextAsync(path, ct);
                var read = DotEnv.Read(text, path == "-" ? "standard input" : path);
                return read.Value is { } values
                    ? await SetAllAsync(session, api, name => scope.Route(session, project, name, session.Get(restart) && name == values[^1].Key), project, values, ct)
                    : session.Output.Fail(read.Complaint!);
            });
    }

    /// <summary>One after the other; the last one restarts the project, when that is asked for.</summary>
    private static async Task<int> SetAllAsync(Session session, ApiClient api, Func<string, string> route, string project, List<KeyValuePair<string, string>> values, CancellationToken ct)
    {
        Answer<SetSecret> last = new SetSecret(null);
        foreach (var (i, (name, value)) in values.Index())
        {
            last = await api.PutAsync(route(name), new SecretValue(value), ApiJson.Default.SecretValue, ApiJson.Default.SetSecret, ct);
            if (last.Complaint is { } complaint)
            {
                return session.Output.Fail(complaint with { Message = $"{name}: {complaint.Message}", Hint = $"{i} of {values.Count} values are set." });
            }
        }

        return await EnvironmentCommands.TellAsync(session, api, last, $"Set {Words.Count(values.Count, "value")} of {project}: {string.Join(", ", values.Select(v => v.Key))}.", ct);
    }
}
