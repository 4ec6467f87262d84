using System.Globalization;

namespace VpsPilot.Cli.Api;

/// <summary>Paths of the API.</summary>
internal static class Route
{
    /// <summary>A path whose inserted parts are escaped, so that each stays one segment.</summary>
    public static string To(FormattableString path) =>
        string.Format(CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(a => (object)Uri.EscapeDataString($"{a}"))]);

    /// <summary>The path with a query of those parameters that are not null.</summary>
    public static string With(this string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        foreach (var (name, value) in query)
        {
            path += value is null ? "" : $"{(path.Contains('?') ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";
        }

        return path;
    }
}
