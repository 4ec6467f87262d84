namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>What single values must be like. Each returns what is wrong, or null.</summary>
internal static class ConfigChecks
{
    public static string? Name(string text) =>
        text.Length <= 63 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? null : "A name has letters, digits and dashes, at most 63 of them.";

    public static string? EnvironmentName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? null : $"\"{text}\" is not a name of an environment variable: letters, digits and underscores, not a digit first.";

    public static string? RelativePath(string text) =>
        Path.IsPathRooted(text) || text.Contains('\\') || text.Split('/').Contains("..") ? "The path must be relative and stay inside the app's folder." : null;

    public static string? PersistPath(string text) =>
        RelativePath(text) ?? (text.Any(char.IsControl) || text.TrimEnd('/').Split('/').Any(part => part is "" or ".") ? "Expected a path below the app's folder, such as storage or data/app.db." : null);

    public static string? UrlPath(string text) => text.StartsWith('/') && !text.Contains(' ') ? null : "A path starts with \"/\" and has no spaces.";

    public static string? NixAttribute(string text) =>
        text.Split('.').All(part => part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) ? null : $"\"{text}\" is not the name of a nixpkgs attribute.";

    public static string? FlakeFile(string text) =>
        RelativePath(text) ?? (text == "flake.nix" || text.EndsWith("/flake.nix", StringComparison.Ordinal) ? null : "Nix reads a flake only from a file called flake.nix.");

    public static string? PhpExtension(string text) =>
        text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') ? null : $"\"{text}\" is not the name of a PHP extension: lower-case letters, digits and underscores.";

    public static string? Restart(string text) => text is "always" or "on-failure" or "no" ? null : "Expected \"always\", \"on-failure\" or \"no\".";

    public static string? ProcessName(string text) =>
        text.Length is > 0 and <= 30 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? text switch { "web" => "\"web\" is start.command.", "blue" or "green" => $"\"{text}\" is the name of a slot.", _ => null }
            : $"\"{text}\" is not a name: lower-case letters, digits, dashes and underscores, a letter first, at most 30.";

    public static string? Domain(string text) =>
        text.Length <= 253 && text.Contains('.') && Uri.CheckHostName(text) == UriHostNameType.Dns && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            ? null
            : $"\"{text}\" is not a domain: a lower-case host name with a dot, such as shop.example.org.";

    public static string? HttpUrl(string text) =>
        Uri.TryCreate(text.Replace("$PORT", "80", StringComparison.Ordinal), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? null : "Expected an http or https URL.";

    public static string? RuntimeName(string text) =>
        text is "node" or "nodejs" or "php" or "python" or "go" or "ruby" ? null : $"\"{text}\" is not a runtime. Known: node, php, python, go, ruby.";
}
