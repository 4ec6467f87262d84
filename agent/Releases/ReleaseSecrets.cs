using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Releases;

/// <summary>Knows which values of a release are secret, out of its own environment: those that came from placeholders.</summary>
internal sealed class ReleaseSecrets(ReleaseStore releases)
{
    public IEnumerable<string> Of(string projectId, ReleaseManifest release)
    {
        var file = releases.EnvironmentOf(projectId, release.ReleaseId);
        var values = File.Exists(file) ? EnvironmentFile.Parse(File.ReadAllText(file)) : [];
        return release.Config.Env.Where(e => e.Value.Contains("{{", StringComparison.Ordinal)).Select(e => values.GetValueOrDefault(e.Key, ""));
    }
}
