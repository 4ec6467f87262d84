using Spectre.Console;

namespace VpsPilot.Cli.Output;

/// <summary>The few styles that there are. A pipe, and a terminal without colours, gets none of them.</summary>
internal static class Styles
{
    public static readonly Style Good = new(Color.Green);

    public static readonly Style Bad = new(Color.Red);

    public static readonly Style Warning = new(Color.Yellow);

    public static readonly Style Faint = new(decoration: Decoration.Dim);

    public static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>The style of a word that the API says of a state.</summary>
    public static Style Of(string state) => state switch
    {
        "succeeded" or "online" or "active" or "ok" or "promoted" or "completed" => Good,
        "failed" or "offline" or "revoked" or "error" or "lost" or "aborted" => Bad,
        "rolled-back" or "canceled" or "warning" or "pending" or "waiting-for-approval" or "excluded" => Warning,
        _ => Style.Plain,
    };
}
