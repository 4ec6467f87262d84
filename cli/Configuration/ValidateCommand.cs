using System.CommandLine;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Git;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Cli.Configuration;

/// <summary><c>vpspilot validate</c>: all mistakes of a config, before a commit has them.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("file") { Description = $"The config; default: {ConfigParser.FileName} here, or at the top of the repository", Arity = ArgumentArity.ZeroOrOne };
        return Actions.Command("validate", $"Check a {ConfigParser.FileName}: all mistakes, with file and line.", file).Does(async (session, ct) =>
        {
            var here = Directory.GetCurrentDirectory();
            var top = await new GitRepository(here).TopAsync(ct);
            var path = session.Get(file) is { } given ? Path.GetFullPath(given)
                : new[] { here, top ?? here }.Select(folder => Path.Combine(folder, ConfigParser.FileName)).FirstOrDefault(File.Exists);
            if (path is null || !File.Exists(path))
            {
                return session.Output.Fail(new Complaint(ExitCode.NotFound, "config-not-found", $"There is no {session.Get(file) ?? ConfigParser.FileName}.") { Hint = "Make one with: vpspilot init" });
            }

            return Tell(session.Output, ConfigCheck.Of(path, top ?? Path.GetDirectoryName(path)!));
        });
    }

    /// <summary>Says what is wrong, or what will happen.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Writer output, ConfigReport report)
    {
        if (output.IsJson)
        {
            output.Line(report.Json);
        }
        else if (report.Config is { } config)
        {
            Print(output, report, config);
        }
        else
        {
            foreach (var problem in report.Problems)
            {
                output.Line($"{report.File}:{(problem.Line is { } line ? $"{line}:" : "")} {problem.Path}: {problem.Message}");
            }

            output.Remark($"{Words.Count(report.Problems.Count, "mistake")}.{(report.Hint is { } hint ? " " + hint : "")}");
        }

        return report.Valid ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(Writer output, ConfigReport report, ProjectConfig config)
    {
        output.Line($"{report.File} is good.");
        foreach (var (name, value) in ((string, string?)[])
        [
            ("type", config.Type?.ToString().ToLowerInvariant()),
            ("runtime", string.Join(", ", config.Runtime.Select(r => $"{r.Key} {r.Value}"))),
            ("build", string.Join(" && ", config.Build.Commands ?? [])),
            ("test", string.Join(" && ", config.Test.Commands ?? [])),
            ("release", string.Join(" && ", config.Release.Commands ?? [])),
            ("start", config.Start.Command?.Split('\n')[0]),
            ("processes", string.Join(", ", config.Processes.Keys.Order(StringComparer.Ordinal))),
            ("secrets", string.Join(", ", report.Secrets)),
            ("told", string.Join("; ", report.Notes)),
        ])
        {
            if (value is { Length: > 0 })
            {
                output.Write($"{name,-10}", Styles.Faint);
                output.Line(value);
            }
        }
    }
}
