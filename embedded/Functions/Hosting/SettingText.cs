using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>Replaces <c>%SETTING%</c> in the text of a binding.</summary>
internal static partial class SettingText
{
    /// <exception cref="InvalidOperationException">The setting is missing.</exception>
    public static string Resolve(string text, IConfiguration configuration) => Setting().Replace(text, match =>
        configuration[match.Groups["name"].Value] ?? throw new InvalidOperationException($"'{text}' names the setting {match.Groups["name"].Value}, which is not set."));

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();
}
