using System.Globalization;
using System.Text;
using VpsPilot.Agent.Releases;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Units;

/// <summary>What a project's unit is rendered from.</summary>
internal sealed record UnitRequest
{
    public required string ProjectId { get; init; }

    public required Slot Slot { get; init; }

    /// <summary>Name of the process; null: the one that gets the traffic.</summary>
    public string? Process { get; init; }

    /// <summary>The app's name for people.</summary>
    public required string Name { get; init; }

    public required string User { get; init; }

    /// <summary>Absolute path of the program, by way of the slot's link: so the text is the same for each release in the slot.</summary>
    public required string Start { get; init; }

    /// <summary>Files with the release's environment, by way of the slot's link.</summary>
    public required IReadOnlyList<string> EnvironmentFiles { get; init; }

    /// <summary>HOME of the app; with its private /tmp, the only place it may write to.</summary>
    public required string DataDirectory { get; init; }

    public required int Port { get; init; }

    /// <summary>File the output is appended to; null: the journal.</summary>
    public string? LogFile { get; init; }

    public required ResourcesConfig Resources { get; init; }
}

/// <summary>
/// The text of a project's unit. Hardened as far as runtimes with a just-in-time compiler allow: they need memory that is writable and
/// executable (so no <c>MemoryDenyWriteExecute</c>) and the whole of /proc (so no <c>ProcSubset=pid</c>).
/// </summary>
internal static class UnitFile
{
    private const string MarkStart = "Environment=\"VPSPILOT_PROJECT=";

    private const string OwnHardening =
        """
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        CapabilityBoundingSet=
        AmbientCapabilities=
        """;

    /// <summary>Name of a unit: <c>vpspilot-project-ID[-PROCESS][-SLOT].service</c>.</summary>
    public static string NameOf(string projectId, Slot slot, string? process = null) =>
        $"{Prefix(projectId)}{(process is null ? "" : "-" + process)}{(slot == Slot.InPlace ? "" : "-" + slot.Word())}.service";

    /// <summary>Names of all units of a release in a slot, the one that gets the traffic first.</summary>
    public static IReadOnlyList<string> NamesOf(string projectId, Slot slot, IEnumerable<string> processes) => [NameOf(projectId, slot), .. processes.Select(p => NameOf(projectId, slot, p))];

    /// <summary>The slot that the name of a project's unit tells. The project's own id may end like one.</summary>
    public static Slot SlotOf(string projectId, string unit)
    {
        var rest = unit[Prefix(projectId).Length..];
        return rest.EndsWith("-blue.service", StringComparison.Ordinal) ? Slot.Blue : rest.EndsWith("-green.service", StringComparison.Ordinal) ? Slot.Green : Slot.InPlace;
    }

    /// <summary>The line by which a unit is known as a project's: names alone do not tell <c>a</c>'s blue slot from a project <c>a-blue</c>.</summary>
    public static string MarkOf(string projectId) => $"{MarkStart}{projectId}\"";

    /// <summary>The project that a unit's text names; null when it names none.</summary>
    public static string? ProjectIn(IEnumerable<string> lines) => lines.FirstOrDefault(l => l.StartsWith(MarkStart, StringComparison.Ordinal))?[MarkStart.Length..].TrimEnd('"');

    public static string Render(UnitRequest request)
    {
        var unit = new StringBuilder();
        void Line(string name, string value) => unit.Append(name).Append('=').Append(value).Append('\n');
        void Variable(string name, string value) => Line("Environment", $"\"{name}={Escape(value)}\"");

        unit.Append("# Written by vpspilot-agent at each activation; changes are lost.\n[Unit]\n");
        Line("Description", $"{Escape(request.Name)} (project {request.ProjectId}, {request.Process ?? "web"}, {request.Slot.Word()})");
        Line("Wants", "network-online.target");
        Line("After", "network-online.target");
        Line("StartLimitIntervalSec", "0");

        unit.Append("\n[Service]\n");
        Line("Type", "exec");
        Line("User", request.User);
        Line("Group", request.User);
        if (request.Process is null)
            Variable("PORT", $"{request.Port}");
        unit.Append(MarkOf(request.ProjectId)).Append('\n');
        Variable("HOME", request.DataDirectory);
        foreach (var environment in request.EnvironmentFiles)
            Line("EnvironmentFile", Escape(environment));
        Line("ExecStart", Escape(request.Start));
        Line("Restart", request.Resources.Restart);
        Line("RestartSec", Seconds(request.Resources.RestartDelay));
        Line("TimeoutStopSec", "15");
        Line("SyslogIdentifier", request.ProjectId);
        Line("StandardOutput", request.LogFile is { } file ? $"append:{Escape(file)}" : "journal");
        Line("StandardError", "inherit");
        Limits(request.Resources, Line);
        Line("ReadWritePaths", Escape(request.DataDirectory));
        unit.Append(Hardening.Lines).Append('\n').Append(OwnHardening).Append('\n');

        unit.Append("\n[Install]\n");
        Line("WantedBy", "multi-user.target");
        return unit.ToString();
    }

    private static string Prefix(string projectId) => $"vpspilot-project-{projectId}";

    private static void Limits(ResourcesConfig limits, Action<string, string> line)
    {
        if (limits.MemoryMax is { } most)
            line("MemoryMax", $"{most}");
        if (limits.MemoryHigh is { } high)
            line("MemoryHigh", $"{high}");
        if (limits.CpuQuota is { } quota)
            line("CPUQuota", $"{quota}%");
        if (limits.OpenFiles is { } files)
            line("LimitNOFILE", $"{files}");
        if (limits.TasksMax is { } tasks)
            line("TasksMax", $"{tasks}");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>systemd.unit(5): a percent sign begins a specifier; backslash and quotes are C-like; a newline ends the directive.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '%' => escaped.Append("%%"),
                '\\' => escaped.Append("\\\\"),
                '"' => escaped.Append("\\\""),
                _ when char.IsControl(c) => escaped.Append(' '),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
