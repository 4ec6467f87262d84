namespace VpsPilot.Templates.Rendering;

/// <summary>Extensions of PHP, as nixpkgs names them.</summary>
internal static class PhpExtensions
{
    /// <summary>Part of every PHP, and so no extension of nixpkgs.</summary>
    private static readonly HashSet<string> BuiltIn = new(StringComparer.Ordinal) { "core", "date", "hash", "json", "libxml", "pcre", "phar", "random", "reflection", "spl", "standard" };

    /// <summary>Versions whose opcache is an extension; from 8.5 on it is built in.</summary>
    private static readonly HashSet<string> WithOpcacheApart = new(StringComparer.Ordinal) { "7.4", "8.0", "8.1", "8.2", "8.3", "8.4" };

    /// <summary>Those that have to be named, each once.</summary>
    public static IReadOnlyList<string> ToLoad(IEnumerable<string> extensions, string version) =>
        [.. extensions.Where(e => !BuiltIn.Contains(e) && (e != "opcache" || WithOpcacheApart.Contains(version))).Distinct(StringComparer.Ordinal)];

    /// <summary>The Nix expression of a PHP with more extensions than those that are on by default; an unknown one is named when Nix evaluates it.</summary>
    public static string BuildEnv(string php, string version, IEnumerable<string> extensions) =>
        $$"""
        {{php}}.buildEnv {
                    extensions =
                      { enabled, all }:
                      let
                        named = map (name: all.${name} or (throw "PHP {{version}} has no extension ${name}")) [ {{string.Join(" ", extensions.Select(NixString.Quote))}} ];
                      in
                      enabled ++ builtins.filter (extension: !builtins.elem extension enabled) named;
                  }
        """;
}
