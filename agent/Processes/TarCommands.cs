namespace VpsPilot.Agent.Processes;

/// <summary>Argument lists of GNU tar.</summary>
internal static class TarCommands
{
    /// <summary>Some file changed while it was read; the archive is whole.</summary>
    public const int Changed = 1;

    /// <summary>Makes an archive.</summary>
    /// <param name="archive">The file to write.</param>
    /// <param name="compression"><c>zstd</c> or <c>gzip</c>.</param>
    /// <param name="parts">What goes into it: a name, and the folder it lies in.</param>
    /// <param name="leftOut">Names that are left out, with what is in them.</param>
    public static IReadOnlyList<string> Pack(string archive, string compression, IEnumerable<(string Folder, string Name)> parts, IEnumerable<string> leftOut) =>
        ["--create", $"--{compression}", "--file", archive, "--anchored", .. leftOut.Select(n => "--exclude=" + n), .. parts.SelectMany(p => new[] { "--directory", p.Folder, p.Name })];

    /// <summary>Extracts an archive, whichever way it is compressed, with its owners.</summary>
    public static IReadOnlyList<string> Unpack(string archive, string folder) => ["--extract", "--same-owner", "--preserve-permissions", "--file", archive, "--directory", folder];
}
