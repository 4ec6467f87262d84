namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>What the texts of the config must be like, as patterns that editors understand; the tests ask the parser whether they are true.</summary>
internal static class Patterns
{
    /// <summary>Text of one line.</summary>
    public const string Line = @"^[^\u0000-\u001f\u007f-\u009f]+$";

    private const string Relative = @"^(?!/)(?!(.*/)?\.\.(/|$))[^\\\u0000-\u001f\u007f-\u009f]+$";
    private const string Variable = "^[A-Za-z_][A-Za-z0-9_]*$";
    private const string Process = "^(?!(web|blue|green)$)[a-z][a-z0-9_-]{0,29}$";

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["/name"] = "^[A-Za-z0-9-]{1,63}$",
        ["/root"] = Relative,
        ["/build/output"] = Relative,
        ["/nix/flake_file"] = @"^(?=(.*/)?flake\.nix$)" + Relative[1..],
        ["/deployment/health_check/path"] = @"^/[^ \u0000-\u001f\u007f-\u009f]*$",
    };

    private static readonly Dictionary<string, string> Items = new(StringComparer.Ordinal)
    {
        ["/persist"] = @"^(?=.*\S)(?!/)(?!(.*/)?\.\.?(/|$))(?!.*//+[^/])[^\\\u0000-\u001f\u007f-\u009f]+$",
        ["/nix/packages"] = @"^[A-Za-z_-][A-Za-z0-9_-]*(\.[A-Za-z_-][A-Za-z0-9_-]*)*$",
        ["/php/extensions"] = "^[a-z0-9_]+$",
        ["/domains"] = @"^(?=.{1,253}$)(?![0-9.]+$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$",
    };

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["/env"] = Variable,
        ["/processes"] = Process,
        ["/commands"] = Process,
    };

    public static string OfText(string path) => Texts.GetValueOrDefault(path, Line);

    /// <summary>Of an item of a list; any that is not blank where nothing more is known.</summary>
    public static string OfItem(string path) => Items.GetValueOrDefault(path, @"\S");

    /// <summary>Of a name in a map.</summary>
    public static string OfKey(string path) => Keys[path];
}
