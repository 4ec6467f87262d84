using System.Text;
using System.Text.Json;
using VpsPilot.Contracts.Config.Parsing;

namespace VpsPilot.Contracts.Config;

/// <summary>
/// The part of the <c>deployment</c> block that a project may set over what the commits say: an object with <c>rollout</c>, <c>rolling</c>,
/// <c>canary</c>, <c>offline_wait</c> and <c>offline_nodes</c>, all optional, in the form that <c>config.vpspilot.json</c> has.
/// </summary>
public static class RolloutOverrides
{
    /// <summary>Every mistake of the object; paths start with <c>$.deployment</c>.</summary>
    public static IReadOnlyList<Problem> Check(string json)
    {
        var mistakes = new ConfigMistakes();
        Read(json, new DeploymentConfig(), mistakes);
        return mistakes.Problems;
    }

    /// <summary>What holds for a commit that says <paramref name="commit"/>; that itself when nothing is overridden.</summary>
    /// <param name="json">An object without mistakes, or null.</param>
    /// <param name="commit">The commit's block.</param>
    public static DeploymentConfig Apply(string? json, DeploymentConfig commit) => json is null ? commit : Read(json, commit, new ConfigMistakes());

    private static DeploymentConfig Read(string json, DeploymentConfig commit, ConfigMistakes mistakes)
    {
        try
        {
            var node = ConfigNode.Read(Encoding.UTF8.GetBytes($$"""{"deployment":{{json}}}"""), mistakes);
            return new ConfigReader(node, mistakes).Part("deployment", commit, d => DeploymentReader.ReadRollout(d, commit));
        }
        catch (JsonException e)
        {
            mistakes.Add("$.deployment", NotJson.Message(e), NotJson.Line(e));
            return commit;
        }
    }
}
