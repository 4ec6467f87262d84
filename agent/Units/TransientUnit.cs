using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Units;

/// <summary>A command to run in a unit of its own.</summary>
/// <param name="Name">Name of the unit, without <c>.service</c>.</param>
/// <param name="Command">Program (absolute path) and arguments.</param>
internal sealed record TransientCommand(string Name, IReadOnlyList<string> Command)
{
    /// <summary>User it runs as; null: root.</summary>
    public string? User { get; init; }

    public required string WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A systemd environment file with more; null: none.</summary>
    public string? EnvironmentFile { get; init; }

    public required TimeSpan Timeout { get; init; }

    public IOutputSink? Output { get; init; }

    /// <summary>Whether standard output is shown, or kept as the answer.</summary>
    public bool ShowOutput { get; init; } = true;

    /// <summary>More properties, such as limits.</summary>
    public IReadOnlyList<(string Name, string Value)> Properties { get; init; } = [];
}

/// <summary>
/// Runs commands in transient units: limited in processor, memory, disk and processes, and, when canceled, killed with everything they
/// started, however it hides from its parent.
/// </summary>
internal sealed class TransientUnits(ProcessRunner runner)
{
    private static readonly TimeSpan Backstop = TimeSpan.FromMinutes(1);

    public async Task<ProcessResult> RunAsync(TransientCommand command, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(command.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var killed = Task.CompletedTask;
        ProcessResult result;
        await using (either.Token.Register(() => killed = StopAsync(command.Name + ".service")))
        {
            var request = new ProcessRequest("systemd-run", SystemdCommands.Run(command.Name, Properties(command), command.Command))
            {
                Timeout = command.Timeout + Backstop,
                Output = command.Output,
                ShowOutput = command.ShowOutput,
            };
            // Stopping the unit ends systemd-run too, and closes its pipes.
            cancellationToken.ThrowIfCancellationRequested();
            result = await runner.RunAsync(request, CancellationToken.None);
        }

        await killed;
        cancellationToken.ThrowIfCancellationRequested();
        return limit.IsCancellationRequested ? result with { End = ProcessEnd.TimedOut } : result;
    }

    /// <summary>Stops units by name or pattern, whatever they do. Those that do not run are no fault.</summary>
    public Task StopAsync(string pattern) =>
        runner.RunAsync(new("systemctl", SystemdCommands.Stop(pattern)) { Timeout = TimeSpan.FromSeconds(20) }, CancellationToken.None);

    /// <summary>What holds a build back, so that it cannot starve what serves.</summary>
    public static IReadOnlyList<(string Name, string Value)> Limits(BuildSettings settings) =>
    [
        ("CPUWeight", $"{settings.CpuWeight}"),
        ("IOWeight", $"{settings.IoWeight}"),
        ("TasksMax", $"{settings.TasksMax}"),
        // Where memory runs out, the build goes before what serves.
        ("OOMScoreAdjust", "500"),
        .. settings.MemoryMax is { } memory ? [("MemoryMax", $"{memory}")] : Array.Empty<(string, string)>(),
    ];

    private static IEnumerable<(string Name, string Value)> Properties(TransientCommand command)
    {
        yield return ("WorkingDirectory", command.WorkingDirectory);
        if (command.User is { } user)
            yield return ("User", user);
        if (command.EnvironmentFile is { } file)
            yield return ("EnvironmentFile", file);
        foreach (var (name, value) in command.Environment)
            yield return ("Environment", $"{name}={value}");

        // The agent keeps the time; this is for when the agent dies meanwhile.
        yield return ("RuntimeMaxSec", $"{(long)(command.Timeout + Backstop).TotalSeconds}");
        yield return ("KillSignal", "SIGKILL");
        yield return ("OOMPolicy", "kill");
        foreach (var property in command.Properties)
            yield return property;
    }
}
