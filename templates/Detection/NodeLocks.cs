namespace VpsPilot.Templates.Detection;

/// <summary>The lock files of Node.js package managers: the first that is there tells who installs, and the others are not used.</summary>
internal static class NodeLocks
{
    private static readonly (string File, string Manager)[] Known =
    [
        ("pnpm-lock.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
        ("npm-shrinkwrap.json", "npm"),
        ("package-lock.json", "npm"),
    ];

    private static readonly string[] Bun = ["bun.lock", "bun.lockb"];

    /// <summary>One line for each file, and for a <c>packageManager</c>, that says something and is not used.</summary>
    public static IEnumerable<string> NotUsed(SourceFiles files)
    {
        if (!files.Has("package.json"))
        {
            yield break;
        }

        var there = Known.Where(k => files.Has(k.File)).ToList();
        var used = there.Count > 0 ? there[0] : default;
        foreach (var (file, manager) in there.Skip(1))
        {
            yield return $"{file} is not used: {used.File} goes before it. Remove the one that {(manager == used.Manager ? "is too many" : $"is not of your package manager ({used.Manager} or {manager})")}";
        }

        foreach (var file in Bun.Where(files.Has))
        {
            yield return $"{file} is not used: {used.Manager ?? PackageManager.WithoutLock(files) ?? "npm"} installs. For Bun write \"nix\": {{ \"packages\": [\"bun\"] }}, \"build\": {{ \"commands\": [\"bun install --frozen-lockfile\", \"bun run build\"] }}";
        }

        if (PackageJson.Of(files)?.Manager is { } named && named.Split('@')[0] is var name && name != (used.Manager ?? PackageManager.WithoutLock(files) ?? "npm"))
        {
            yield return $"packageManager {named.Split('+')[0]} is not used: {(used.File is { } file ? $"{file} tells {used.Manager}" : "npm installs")}. Commit the lock of the one you use alone, or write build.commands";
        }
    }
}
