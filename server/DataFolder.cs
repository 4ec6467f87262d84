namespace VpsPilot.Server;

/// <summary>The one folder with everything that the control plane keeps.</summary>
/// <param name="path">Where it is.</param>
internal sealed class DataFolder(string path)
{
    /// <summary>Where the package's unit keeps it.</summary>
    public const string Standard = "/var/lib/vpspilot-server";

    private const string TokenFile = "admin-token";

    /// <summary>What only a running process needs: write-ahead logs, locks, half-written files.</summary>
    private static readonly string[] Passing = [".db-wal", ".db-shm", ".db-journal", ".lock", ".new"];

    /// <summary>Absolute, without a slash at its end.</summary>
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    public bool IsEmpty => !Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any();

    /// <summary>Names of the databases, sorted.</summary>
    /// <exception cref="RefusedException">There is no data.</exception>
    public IReadOnlyList<string> Databases()
    {
        List<string> names = Directory.Exists(Path) ? [.. Directory.EnumerateFiles(Path, "*.db").Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];
        return names.Count > 0 ? names : throw new RefusedException($"{Path} has no data of a control plane. Name its folder with --data.");
    }

    /// <summary>Keys, certificates and whatever else lies beside the databases.</summary>
    public IEnumerable<string> OtherFiles() => Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f))
        .Where(n => !n.EndsWith(".db", StringComparison.Ordinal) && !IsPassing(n)).Order(StringComparer.Ordinal);

    /// <summary>Logs, as paths relative to the folder.</summary>
    public IEnumerable<string> Logs() => Directory.EnumerateDirectories(Path)
        .SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories)).Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal);

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Keeps every other process out of the databases until it is disposed.</summary>
    /// <exception cref="RefusedException">The control plane runs.</exception>
    public IDisposable Lock()
    {
        var locks = new Locks();
        try
        {
            foreach (var name in Directory.EnumerateFiles(Path, "*.db.lock"))
            {
                locks.Add(new FileStream(name, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
            }

            return locks;
        }
        catch (IOException)
        {
            locks.Dispose();
            throw new RefusedException($"A control plane runs on {Path}. Stop it first: systemctl stop vpspilot-server.");
        }
    }

    /// <summary>The first admin token; from then on the folder has it no more.</summary>
    /// <exception cref="RefusedException">It has been shown.</exception>
    public string TakeAdminToken()
    {
        var file = PathOf(TokenFile);
        if (!File.Exists(file))
        {
            throw new RefusedException($"{file} is not there: the control plane has not started yet, or the token was shown before. An admin makes others: POST /api/tokens.");
        }

        var token = File.ReadAllText(file).Trim();
        File.Delete(file);
        return token;
    }

    private static bool IsPassing(string name) => Passing.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private sealed class Locks : List<FileStream>, IDisposable
    {
        public void Dispose() => ForEach(l => l.Dispose());
    }
}
