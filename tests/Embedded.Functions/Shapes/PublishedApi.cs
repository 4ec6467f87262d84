namespace VpsPilot.Embedded.Functions.Tests.Shapes;

/// <summary>The lists of public members of the real assemblies, read where they lie: beside the repository, in <c>shared/api</c>.</summary>
internal static class PublishedApi
{
    public static string? Folder { get; } = Find();

    /// <summary>Member lines by type name; the first line is the type's own.</summary>
    public static IReadOnlyDictionary<string, (string Header, HashSet<string> Members)> Read()
    {
        var types = new Dictionary<string, (string Header, HashSet<string> Members)>(StringComparer.Ordinal);
        foreach (var line in Directory.GetFiles(Folder!, "*.txt").SelectMany(File.ReadLines).Where(l => l.Length > 0 && !l.StartsWith('#')))
        {
            if (!line.StartsWith(' '))
            {
                types[NameIn(line)] = (line, []);
                continue;
            }

            types[types.Keys.Last()].Members.Add(line.Trim());
        }

        return types;
    }

    public static string NameIn(string header)
    {
        var words = header.Split(" : ")[0].Split(' ');
        return words[^1];
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VpsPilot.Serverless.sln")))
            {
                var lists = Path.Combine(folder.Parent!.FullName, "shared", "api");
                return Directory.Exists(lists) ? lists : null;
            }
        }

        return null;
    }
}

/// <summary>A test that needs the lists; skipped, and counted as such, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedApiFactAttribute : FactAttribute
{
    public PublishedApiFactAttribute()
    {
        if (PublishedApi.Folder is null)
        {
            Skip = "The lists of the real assemblies' members are not beside the repository.";
        }
    }
}
