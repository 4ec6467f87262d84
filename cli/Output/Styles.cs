using Spectre.Console;

namespace VpsPilot.Cli.Output;

/// <summary>The few styles that there are. A pipe gets none of them, nor does who sets <c>NO_COLOR</c>.</summary>
internal static class Styles
{
    private static readonly bool AreOff = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    public static readonly Style Good = Of(Color.Green);

    public static readonly Style Bad = Of(Color.Red);

    public static readonly Style Warning = Of(Color.Yellow);

    public static readonly Style Faint = Of(null, Decoration.Dim);

    public static readonly Style Strong = Of(null, Decoration.Bold);

    /// <summary>The style of a word that the API says of a state.</summary>
    public static Style Of(string state) => state switch
    {
        "succeeded" or "online" or "active" or "ok" or "promoted" or "completed" => Good,
        "failed" or "offline" or "revoked" or "error" or "lost" or "aborted" => Bad,
        "rolled-back" or "canceled" or "warning" or "pending" or "waiting-for-approval" or "excluded" => Warning,
        _ => Style.Plain,
    };

    private static Style Of(Color? colour, Decoration decoration = Decoration.None) => AreOff ? Style.Plain : new Style(colour, decoration: decoration);
}
