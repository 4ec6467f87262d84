namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>The words of the config that stand for a choice.</summary>
internal static class ConfigChoices
{
    public static readonly IReadOnlyDictionary<string, ProjectType> Types = new Dictionary<string, ProjectType>(StringComparer.Ordinal)
    {
        ["nodejs"] = ProjectType.NodeJs,
        ["static"] = ProjectType.Static,
        ["go"] = ProjectType.Go,
        ["python"] = ProjectType.Python,
        ["django"] = ProjectType.Django,
        ["ruby"] = ProjectType.Ruby,
        ["laravel"] = ProjectType.Laravel,
        ["custom"] = ProjectType.Custom,
    };

    public static readonly IReadOnlyDictionary<string, SwitchStrategy> Strategies = new Dictionary<string, SwitchStrategy>(StringComparer.Ordinal)
    {
        ["blue-green"] = SwitchStrategy.BlueGreen,
        ["in-place"] = SwitchStrategy.InPlace,
    };

    public static readonly IReadOnlyDictionary<string, RolloutKind> Rollouts = new Dictionary<string, RolloutKind>(StringComparer.Ordinal)
    {
        ["rolling"] = RolloutKind.Rolling,
        ["all"] = RolloutKind.All,
        ["canary"] = RolloutKind.Canary,
    };

    public static readonly IReadOnlyDictionary<string, OfflineNodes> OfflineNodes = new Dictionary<string, OfflineNodes>(StringComparer.Ordinal)
    {
        ["fail"] = Config.OfflineNodes.Fail,
        ["exclude"] = Config.OfflineNodes.Exclude,
    };

    public static readonly IReadOnlyDictionary<string, StopOld> StopOld = new Dictionary<string, StopOld>(StringComparer.Ordinal)
    {
        ["after"] = Config.StopOld.After,
        ["before"] = Config.StopOld.Before,
    };
}
