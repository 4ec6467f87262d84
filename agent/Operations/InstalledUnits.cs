using VpsPilot.Agent.Hosting;

namespace VpsPilot.Agent.Operations;

/// <summary>A unit of a project, as its file says it.</summary>
/// <param name="Name">Name of the unit.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="Process"><c>web</c>, or the process's name.</param>
/// <param name="Slot"><c>blue</c> or <c>green</c>; null in place.</param>
/// <param name="Port">The port its program is told; null when none.</param>
/// <param name="LogFile">Where its output is appended; null: the journal.</param>
internal sealed record InstalledUnit(string Name, string ProjectId, string Process, string? Slot, int? Port, string? LogFile);

/// <summary>Finds the units of projects by the files there are, whichever way each project is switched.</summary>
internal sealed class InstalledUnits(AgentPaths paths)
{
    private const string Start = "vpspilot-project-";
    private const string End = ".service";
    private static readonly string[] Slots = ["blue", "green"];

    /// <summary>Units of one project, the web process first.</summary>
    public IReadOnlyList<InstalledUnit> Of(string projectId) =>
        [.. All().Where(u => u.ProjectId == projectId).OrderBy(u => u.Process != "web").ThenBy(u => u.Name, StringComparer.Ordinal)];

    public IReadOnlyList<InstalledUnit> All()
    {
        var folder = Path.GetDirectoryName(paths.UnitFile("x"))!;
        return !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, $"{Start}*{End}").Order(StringComparer.Ordinal)
                .Select(f => Parse(Path.GetFileName(f), File.ReadAllLines(f))).OfType<InstalledUnit>(),
        ];
    }

    /// <summary>Null when the file is not one that the agent wrote for a project.</summary>
    internal static InstalledUnit? Parse(string name, IReadOnlyList<string> lines)
    {
        // A project's id may end like a slot or a process: the file says whose it is.
        if (Variable(lines, "VPSPILOT_PROJECT") is not { } project || !name.StartsWith(Start + project, StringComparison.Ordinal))
            return null;
        var parts = name[(Start.Length + project.Length)..^End.Length].Split('-', StringSplitOptions.RemoveEmptyEntries).ToList();
        var slot = parts is [var first, ..] && Slots.Contains(first) ? first : parts is [.., var last] && Slots.Contains(last) ? last : null;
        if (slot is not null)
            parts.Remove(slot);
        const string Append = "StandardOutput=append:";
        return new(name, project, parts.Count == 0 ? "web" : string.Join('-', parts), slot,
            int.TryParse(Variable(lines, "PORT"), out var port) ? port : null,
            lines.FirstOrDefault(l => l.StartsWith(Append, StringComparison.Ordinal))?[Append.Length..]);
    }

    private static string? Variable(IEnumerable<string> lines, string name)
    {
        var start = $"Environment=\"{name}=";
        return lines.FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal))?[start.Length..].TrimEnd('"');
    }
}
