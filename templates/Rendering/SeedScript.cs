namespace VpsPilot.Templates.Rendering;

/// <summary>
/// The shell program that makes, in a project's data folder, what is not there yet: from what the commit has, else empty. It runs as the app's user, in
/// the app's folder. A copy is put in place whole, so that one that was interrupted is begun again; what is there is never written over.
/// </summary>
internal static class SeedScript
{
    public static string Of(string root, IEnumerable<PersistPath> persist)
    {
        var top = string.Concat(root.Split('/').Where(part => part is not ("" or ".")).Select(_ => "../"));
        return $$"""
            put() {
              local to="$VPSPILOT_DATA/$1" from="{{top}}{{PersistPaths.Seeds}}/$1"
              if [ -e "$to" ] || [ -L "$to" ]; then return; fi
              mkdir -p "$(dirname "$to")"
              if [ -e "$from" ] || [ -L "$from" ]; then
                rm -rf "$to.seed~"
                cp -R "$from" "$to.seed~"
                chmod -R u+w "$to.seed~"
                mv -T "$to.seed~" "$to"
              elif [ "$2" = folder ]; then
                mkdir "$to"
              fi
            }
            {{string.Join('\n', persist.Select(p => $"put {ShellString.Quote(p.Path)} {(p.IsFolder ? "folder" : "file")}"))}}
            """;
    }
}
